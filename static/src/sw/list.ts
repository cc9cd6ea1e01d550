// What the shell consists of: filled in by the bundler.
declare const SHELL_FILES: string[];
declare const SHELL_VERSION: string;

export const files = SHELL_FILES;
export const cacheName = `shell-${SHELL_VERSION}`;
