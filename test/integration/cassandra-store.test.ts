import { storeConformance } from "../ports/store.conformance.ts";
import { openCassandra } from "../ports/store-cassandra.ts";
import { describeReal } from "../support/real.ts";

describeReal("the Cassandra store", (real) => {
  storeConformance("Cassandra", () => openCassandra(real));
});
