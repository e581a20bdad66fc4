import type { Finding } from './finding.ts'

/** One sentence on what to do about a finding. `artifact` is the path of the file to look at, or null. */
export function hintFor(workflow: string, finding: Finding, artifact: string | null): string {
  const node = finding.node ?? 'unknown node'
  switch (finding.failure) {
    case 'EXPRESSION_ERROR':
      return expressionHint(node, finding.reason, artifact)
    case 'SCHEMA_ERROR':
      return `Schema validation failed at ${node}${check(artifact)}: ${cut(finding.reason, 100)}`
    case 'CT_STRUCTURE_ERROR':
      return transformHint(node, finding, artifact)
    case 'CS_RUNTIME_ERROR':
      return `Side-effect execution failed at ${node}${check(artifact)}: ${cut(finding.reason, 100)}`
    case 'BINDING_ERROR':
      return bindingHint(node, finding.reason, artifact)
    case 'ADMISSION_ERROR':
      return admissionHint(workflow, finding, artifact)
    case 'GRAPH_STRUCTURE_ERROR':
      return graphHint(finding, artifact)
    case 'BUSINESS_VIOLATION':
      return `Nothing to mend: ${cut(finding.reason, 100)}`
  }
}

function expressionHint(node: string, message: string, artifact: string | null): string {
  const expression = /\$\.\w+(?:\.\w+)+/.exec(message)?.[0]
  if (expression === undefined) return `Fix unresolved expression in input_bindings for node ${node}${check(artifact)}`
  const field = expression.slice(expression.lastIndexOf('.') + 1)
  return `Add '${field}' to input payload or fix expression '${expression}' in input_bindings for node ${node}${within(artifact)}`
}

function transformHint(node: string, { code, reason, transform }: Finding, artifact: string | null): string {
  const message = cut(reason, 100)
  switch (code) {
    case 'CT_ARTIFACT_NOT_FOUND': {
      const subject = transform === null ? `CT artifact not found for ${node}` : `CT artifact '${transform}' not found`
      return `${subject}${check(artifact)}. Run build or check atom registration`
    }
    case 'CT_VALIDATION_FAILED':
      return `CT validation failed for ${node}${check(artifact)}: ${message}`
    case 'CT_EXECUTION_FAILED':
      return `CT execution failed at ${node}${check(artifact)}: ${message}`
    case 'CAPABILITY_DISPATCH_FAILED':
      return `Capability dispatch failed for ${node}${check(artifact)}: ${message}`
    default:
      return `Transform error at ${node}${check(artifact)}: ${message}`
  }
}

function bindingHint(node: string, message: string, artifact: string | null): string {
  if (!/missing/i.test(message)) return `Fix binding resolution for ${node}${within(artifact)}: ${cut(message, 80)}`
  return `Add missing binding entry for ${node}${within(artifact)} \u2014 check runtime binding and CC pipeline bindings`
}

function admissionHint(workflow: string, { code, reason }: Finding, artifact: string | null): string {
  const see = artifact === null ? '' : ` \u2014 see ${artifact}`
  if (code === 'ADMISSION_BINDING_MISSING_FIELD') {
    const [field = 'field', event = 'event'] = [...reason.matchAll(/'([^']+)'/g)].map((match) => match[1])
    return `Add '${field}' to input payload: the admission binding of '${event}' needs it${see}`
  }
  return (
    `Admission denied for ${workflow}${see}. Check admission.requires conditions are satisfied before invoking ` +
    `this workflow. Detail: ${cut(reason, 100)}`
  )
}

function graphHint({ code, reason }: Finding, artifact: string | null): string {
  switch (code) {
    case 'NO_ENTRY_NODE':
      return `DAG has no entry node${within(artifact)}. Check workflow spec node definitions`
    case 'NODE_NOT_FOUND':
      return `Referenced node missing from DAG${within(artifact)}. Check edge targets in workflow spec`
    case 'NO_TRANSITION':
      return `No transition for the node's outcome${within(artifact)}. Add the missing edge to the workflow spec`
    case 'EXIT_NOT_FOUND':
      return `EXIT node missing from DAG${within(artifact)}. Check exit definitions in workflow spec`
    default:
      return `The workflow cannot be walked${check(artifact)}: ${cut(reason, 100)}`
  }
}

function check(artifact: string | null): string {
  return artifact === null ? '' : ` \u2014 check ${artifact}`
}

function within(artifact: string | null): string {
  return artifact === null ? '' : ` in ${artifact}`
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text
}
