import { describeBare } from '../../json/describe.ts'
import { type JsonObject, objectAt, textAt } from '../../json/value.ts'
import {
  type MailSettings,
  messageOf,
  operationsOf,
  requireMetadata,
  result,
  type SideEffectFactory,
  type SideEffectPorts,
} from './side-effect.ts'

/** Sends one mail; without a mail server set up it says that it was skipped. */
export const sendEmail: SideEffectFactory = (setup, ports) => {
  requireMetadata(setup, 'capability')
  return operationsOf({ send: ({ inputs }) => send(inputs, setup.config, ports) })
}

async function deliver(inputs: JsonObject, settings: MailSettings, { mail }: SideEffectPorts): Promise<JsonObject> {
  if (mail === null) return result('BACKEND_ERROR', { message: 'mail cannot be sent from here' })
  const body = fillIn(textAt(inputs, 'body_template') ?? '', objectAt(inputs, 'template_vars'))
  try {
    const recipient = textAt(inputs, 'recipient') ?? ''
    await mail({ recipient, subject: textAt(inputs, 'subject') ?? '', body }, settings)
  } catch (error) {
    return result('BACKEND_ERROR', { message: messageOf(error) })
  }
  return result('SUCCESS', { delivery_status: 'sent' })
}

function send(inputs: JsonObject, config: JsonObject, ports: SideEffectPorts): JsonObject | Promise<JsonObject> {
  const recipient = inputs.get('recipient')
  if (typeof recipient !== 'string' || !recipient.includes('@')) return result('VIOLATION')
  const settings = settingsFrom(config)
  return settings === null ? result('SUCCESS', { delivery_status: 'skipped' }) : deliver(inputs, settings, ports)
}

/** From the policy, else from the environment; null unless host, user and password are all set. */
function settingsFrom(config: JsonObject): MailSettings | null {
  const setting = (name: string): string => {
    const value = config.get(`smtp_${name}`) ?? null
    return value === null ? (process.env[`SMTP_${name.toUpperCase()}`] ?? '') : describeBare(value)
  }
  const [host, user, password] = [setting('host'), setting('user'), setting('pass')]
  if (!host || !user || !password) return null
  return { host, user, password, port: Number(setting('port')) || 587, sender: setting('sender') || user }
}

/** `{name}` stands for the variable of that name; one that is not given stays as it is. */
function fillIn(template: string, variables: JsonObject | null): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = variables?.get(name)
    return value === undefined ? whole : describeBare(value)
  })
}
