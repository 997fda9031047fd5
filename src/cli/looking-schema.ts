import { configSchema } from "./config-schema.ts";

// Of the servers' options, what the commands need that only look.

const cassandra = {
  keyspace: true,
  contactPoints: true,
  localDc: true,
  cassandraUser: true,
  cassandraPassword: true,
} as const;

export const initSchema = configSchema.pick(cassandra);

export const checkSchema = configSchema.pick({
  keys: true,
  ...cassandra,
  natsServers: true,
  natsUser: true,
  natsPassword: true,
  natsToken: true,
  namespace: true,
});
