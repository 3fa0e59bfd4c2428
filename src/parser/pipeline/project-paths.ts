/**
 * Absolute paths of a pipeline that is only read: `projectDir` and `launchDir` are this root, which no file system has,
 * so that `"$projectDir/conf/base.config"` is told from an absolute path of the machine.
 */
import { normalizePath, resolvePath } from './file-tree.ts';

export const PROJECT_ROOT = '/.';

/** The root-relative path of a path that lies in the project, or undefined for one elsewhere (absolute, remote). */
export function inProject(path: string, folder: string): string | undefined {
  if (path === PROJECT_ROOT) return '';
  if (path.startsWith(`${PROJECT_ROOT}/`)) return normalizePath(path.slice(PROJECT_ROOT.length + 1));
  if (path.startsWith('/') || isRemote(path)) return undefined;
  return resolvePath(folder, path);
}

export function isRemote(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

/** As people would write it. */
export function shownPath(path: string): string {
  return path.startsWith(`${PROJECT_ROOT}/`) ? path.slice(PROJECT_ROOT.length + 1) : path;
}
