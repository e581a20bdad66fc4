/** The executable's own arguments, as Electron reads them. */
export interface LaunchArguments {
  /** Files of `-r`: loaded before the application. */
  readonly preloads: readonly string[]
  /** The application's folder or main file; null when none was given. */
  readonly application: string | null
  /** Chromium's switches, wherever they stand. */
  readonly switches: readonly string[]
}

export function parseLaunchArguments(args: readonly string[]): LaunchArguments {
  const preloads: string[] = []
  const switches: string[] = []
  let application: string | null = null
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (application === null && (arg === '-r' || arg === '--require')) preloads.push(args[++index] ?? '')
    else if (arg.startsWith('--')) switches.push(arg)
    else if (!arg.startsWith('-')) application ??= arg
  }
  return { preloads, application, switches }
}

/** `app.commandLine`: the switches with which Chromium will start. */
export class CommandLine {
  readonly #switches = new Map<string, string>()
  readonly #arguments: string[] = []

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name.toLowerCase(), value)
  }

  appendArgument(value: string): void {
    this.#arguments.push(value)
  }

  removeSwitch(name: string): void {
    this.#switches.delete(name.toLowerCase())
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name.toLowerCase())
  }

  /** Empty for a switch that is absent or has no value. */
  getSwitchValue(name: string): string {
    return this.#switches.get(name.toLowerCase()) ?? ''
  }

  /** `text` as it stands on a command line: `--name` or `--name=value`. */
  appendText(text: string): void {
    const [, name = '', value = ''] = /^--([^=]+)=?(.*)$/s.exec(text) ?? []
    if (name !== '') this.appendSwitch(name, value)
  }

  toSwitches(): string[] {
    return [
      ...[...this.#switches].map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`)),
      ...this.#arguments,
    ]
  }
}
