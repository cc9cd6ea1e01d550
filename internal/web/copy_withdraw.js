// A scanned copy brings its secret behind the # of the address, which is never sent.
// It is put into the form, and the person taps: nothing is looked up by opening a link.
const secret = location.hash.slice(1);
const code = document.getElementById('code');
if (secret && code) {
  code.value = secret;
  history.replaceState(null, '', location.pathname + location.search);
  for (const link of document.querySelectorAll('.lang a')) link.hash = secret;
}
