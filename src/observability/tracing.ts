/**
 * Starts tracing if OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT says where traces go; otherwise
 * nothing that it takes is loaded.
 * @param env variables by name
 * @returns ends it; what has not been sent is sent then
 */
export async function startTracing (env: NodeJS.Dict<string>): Promise<() => Promise<void>> {
  if (!isWanted(env)) return async () => {}
  // OpenTelemetry reads its variables itself, but not from the file .env.
  for (const [name, value] of Object.entries(env)) if (name.startsWith('OTEL_')) process.env[name] = value
  const { startOpenTelemetry } = await import('./tracing/open-telemetry.js')
  return startOpenTelemetry()
}

function isWanted (env: NodeJS.Dict<string>): boolean {
  const endpoint = `${env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? ''}${env.OTEL_EXPORTER_OTLP_ENDPOINT ?? ''}`
  return endpoint !== '' && env.OTEL_SDK_DISABLED !== 'true' && env.OTEL_TRACES_EXPORTER !== 'none'
}
