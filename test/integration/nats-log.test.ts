import { logConformance } from "../ports/invalidation-log.conformance.ts";
import { clients, NatsHub } from "../ports/invalidation-log.nats.ts";
import { describeReal } from "../support/real.ts";

describeReal("the NATS log keeps what every log promises", (real) => {
  for (const { client, connect } of clients) {
    logConformance(client, async () => new NatsHub(() => real.nats.servers, connect));
  }
});
