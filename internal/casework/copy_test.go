package casework

import "testing"

func TestReadCopy(t *testing.T) {
	for text, want := range map[string]string{
		"7ZK4M-9QW2X": "7ZK4M9QW2X", " 7zk4m 9qw2x ": "7ZK4M9QW2X", "oil12-34567": "0111234567", "0123456789ABCDEFGHJKMNPQRS": "0123456789ABCDEFGHJKMNPQRS",
		"": "", "7ZK4M9QW2": "", "7ZK4M9QW2XY": "", "7ZK4M9QW2U": "", "7ZK4M9QW2å": "", "0123456789ABCDEFGHJKMNPQRSTVWXYZ": "",
	} {
		got, ok := ReadCopy(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
	// The phone works out the same; see static/src/screens/phone/copy.test.ts.
	if got := CopyHash("7ZK4M9QW2X"); got != "02f4b306fe03ae1b7f329b9ea5fdf2c820b30590406d785e997b3e28ef282862" {
		t.Errorf("hash %s", got)
	}
}
