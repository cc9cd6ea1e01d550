// Package seal keeps the keys of what is stored and seals content with them.
//
// # Keys
//
// Each scope, a root of an organisation, has a random key of its own: 32 bytes
// that are never derived from anything, so that a file can be made unreadable
// for ever by forgetting its key. Root "" is the organisation's own scope;
// [Server] is the server's. The keys lie in DIR/roots.keys, which only grows,
// wrapped by the master key in DIR/master.key. The folder lies outside the
// database: neither a stolen database nor its backup can be read.
//
// # Order of writing
//
// [Ring.Seal] makes a missing key in memory. Before a transaction that holds
// anything sealed is committed, [Ring.Sync] must have returned without error:
// then the key is on disk first, and no commit can depend on a lost one.
//
// # Several processes
//
// Any number of processes may have the same folder open: reading finds keys that
// another has made. Whoever holds the database's write lock calls [Ring.Refresh]
// before it seals; when two processes have made a key of one scope all the same,
// the second Sync fails, and writing again succeeds.
//
// # What this is not
//
// It knows nothing of records or the database, and it does not protect against
// somebody who can read the folder.
package seal
