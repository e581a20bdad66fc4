import { auditCommand } from './audit-command.ts'
import { busCommand } from './bus-command.ts'
import type { Command } from './command.ts'
import { demoCommand } from './demo-command.ts'
import { diffCommand } from './diff-command.ts'
import { dumpCommand } from './dump-command.ts'
import { examineCommand } from './examine-command.ts'
import { gcCommand } from './gc-command.ts'
import { hostsCommand } from './hosts-command.ts'
import { ingressCommand } from './ingress-command.ts'
import { openCommand } from './open-command.ts'
import { opsCommand } from './ops-command.ts'
import { receiptsCommand } from './receipts-command.ts'
import { replayCommand } from './replay-command.ts'
import { runCommand } from './run-command.ts'
import { scopedCommand } from './scoped-command.ts'
import { serveCommand } from './serve-command.ts'
import { statsCommand } from './stats-command.ts'
import { submitCommand } from './submit-command.ts'
import { tokenCommand } from './token-command.ts'
import { tokensCommand } from './tokens-command.ts'
import { workflowsCommand } from './workflows-command.ts'

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  openCommand,
  serveCommand,
  demoCommand,
  runCommand,
  examineCommand,
  replayCommand,
  diffCommand,
  ingressCommand,
  submitCommand,
  tokensCommand,
  tokenCommand,
  statsCommand,
  opsCommand,
  workflowsCommand,
  busCommand,
  scopedCommand('pause'),
  scopedCommand('resume'),
  scopedCommand('drain'),
  scopedCommand('kill'),
  receiptsCommand,
  gcCommand,
  auditCommand,
  dumpCommand,
  hostsCommand,
]
