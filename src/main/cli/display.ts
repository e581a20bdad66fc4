/** True when programs started here can open a window. Only Linux has machines where they cannot. */
export function hasDisplay(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY)
}

/** Chromium's sandbox cannot run as root. What it would guard against, a foreign page, is not shown here. */
export function sandboxFlags(platform: NodeJS.Platform = process.platform): string[] {
  return platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}
