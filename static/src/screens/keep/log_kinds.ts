/** What one can search the log for: the words for what was done (internal/audit), by kind. */
export const kinds = {
  read: 'read read_offline read_protected search monthly',
  commit: 'commit commit_part commit_held commit_refused picture',
  signed: 'sign_in sign_out sessions_ended denied cookie_replayed',
  phones: 'device_enrolled device_ways device_blocked device_allowed device_wipe device_wiped device_rollback wrong_passphrase hand_in',
  administer: 'administer operate counted recovery_asked recovery_agreed recovery_dropped',
  out: 'export import_read open erase hold',
};
