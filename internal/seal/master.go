package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Where a master key that is not in the folder comes from. At most one may be given.
const (
	EnvKey     = "BOKVAR_MASTER_KEY"      // the key itself, 64 digits 0–9 and a–f
	EnvFile    = "BOKVAR_MASTER_KEY_FILE" // a file that holds it
	Credential = "bokvar-master-key"      // name of a systemd credential (LoadCredential=, LoadCredentialEncrypted=)
)

// Master finds a master key that is given from outside; nil when there is none,
// and the folder's own is used. getenv is os.Getenv.
func Master(getenv func(string) string) ([]byte, error) {
	var found [][]byte
	if text := getenv(EnvKey); text != "" {
		key, err := readMaster([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", EnvKey, err)
		}
		found = append(found, key)
	}
	if path := getenv(EnvFile); path != "" {
		key, err := MasterFile(path)
		if err != nil {
			return nil, err
		}
		found = append(found, key)
	}
	if dir := getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		key, err := MasterFile(filepath.Join(dir, Credential))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			found = append(found, key)
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("the master key is given in more than one way: keep one of %s, %s and the credential %s", EnvKey, EnvFile, Credential)
}

// MasterFile reads a master key from a file: 32 bytes, or 64 digits.
func MasterFile(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the master key cannot be read: %w", err)
	}
	key, err := readMaster(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

func readMaster(content []byte) ([]byte, error) {
	if len(content) == keySize {
		return content, nil
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(content)))
	if err != nil || len(key) != keySize {
		return nil, errors.New("a master key is 32 bytes, or 64 digits 0–9 and a–f")
	}
	return key, nil
}
