import { EventEmitter } from 'node:events'

/** Electron's `powerMonitor`: a machine on mains whose person is active. A test emits `suspend`, `resume` and the like. */
class PowerMonitor extends EventEmitter {
  readonly onBatteryPower = false

  isOnBatteryPower(): boolean {
    return this.onBatteryPower
  }

  getSystemIdleState(): 'active' {
    return 'active'
  }

  getSystemIdleTime(): number {
    return 0
  }

  getCurrentThermalState(): 'unknown' {
    return 'unknown'
  }
}

export const powerMonitor = new PowerMonitor()
