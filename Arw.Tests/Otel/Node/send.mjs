// Sends traces with the exporters of the OpenTelemetry JavaScript SDK, configured by environment variables only, as an agent would be:
// node send.mjs proto|http|grpc TRACES SPANS_PER_TRACE
import { trace, context, SpanKind } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const [protocol, traces, spans] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${protocol}`);
const resource = resourceFromAttributes({ 'service.name': 'node-planner' });
const processor = new BatchSpanProcessor(new OTLPTraceExporter(), { maxQueueSize: 100 * spans, maxExportBatchSize: 512 });
const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
const tracer = provider.getTracer('test');

for (let t = 0; t < traces; t++) {
  const root = tracer.startSpan('plan', { kind: SpanKind.SERVER, root: true });
  const within = trace.setSpan(context.active(), root);
  for (let i = 1; i < spans; i++) {
    tracer.startSpan(`step ${i}`, { attributes: { i, words: ['a', 'b'], ratio: 0.5 } }, within).end();
  }
  root.end();
  if (t % 50 === 49) {
    // A flush sends all that waits at once, and an exporter has at most thirty requests under way.
    await provider.forceFlush();
  }
}

await provider.shutdown();

if (protocol !== 'grpc') {
  const logs = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })] });
  logs.getLogger('test').emit({ severityNumber: SeverityNumber.INFO, body: 'All sent.' });
  await logs.shutdown();
}
