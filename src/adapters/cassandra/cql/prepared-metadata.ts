import { createRequire } from "node:module";
import type { Client } from "cassandra-driver";
import type { PreparedColumn, PreparedStatement, Stored } from "./prepared-statement.ts";
import { Unclear } from "./unclear.ts";

type GetPrepared = (
  client: Client,
  loadBalancing: unknown,
  cql: string,
  keyspace: string | undefined,
) => Promise<unknown>;

interface Encoder {
  encode(value: unknown, type: unknown): unknown;
  decode(bytes: Buffer, type: unknown): unknown;
}

/*
 * What follows uses more of the driver than its public interface, as it is in version 4.10. Where a version has it otherwise, each
 * function throws `Unclear`, and no statement with markers is understood.
 */
const getPrepared = findGetPrepared();
const kept = new WeakMap<object, PreparedStatement>();

/**
 * What the server told of a text: prepared now, or kept by the driver from before, and then the very same that it will encode the
 * values by. Rejects as an execution would; nothing is written then.
 */
export async function preparedStatement(client: Client, cql: string): Promise<PreparedStatement> {
  if (getPrepared === undefined) throw otherwise("no lib/prepare-handler with getPrepared");
  await client.connect();
  const meta = fieldOf(await getPrepared(client, loadBalancingOf(client), cql, client.keyspace || undefined), "meta");
  if (typeof meta !== "object" || meta === null) throw otherwise("no metadata with a prepared statement");
  const found = kept.get(meta) ?? readMetadata(meta);
  kept.set(meta, found);
  return found;
}

/** By the client's own encoder, with its own options. */
export function storedBy(client: Client): Stored {
  return (value, type) => {
    const encoder = encoderOf(client);
    const bytes = encoder.encode(value, type);
    // What is no buffer is null or unset; and of an empty one the driver makes null, but for texts and blobs.
    return Buffer.isBuffer(bytes) ? (encoder.decode(bytes, type) ?? undefined) : undefined;
  };
}

const otherwise = (what: string): Unclear => new Unclear(`this version of cassandra-driver has ${what}`, 0);

function findGetPrepared(): GetPrepared | undefined {
  const handler = prepareHandler();
  const found = fieldOf(handler, "getPrepared");
  return typeof found === "function" ? (...given) => Reflect.apply(found, handler, given) : undefined;
}

function prepareHandler(): unknown {
  try {
    return createRequire(import.meta.url)("cassandra-driver/lib/prepare-handler");
  } catch {
    return undefined; // a version that is built otherwise
  }
}

function loadBalancingOf(client: Client): unknown {
  const profiles = fieldOf(client, "profileManager");
  const getDefault = fieldOf(profiles, "getDefaultLoadBalancing");
  if (typeof getDefault !== "function") throw otherwise("no default load balancing");
  return Reflect.apply(getDefault, profiles, []);
}

function encoderOf(client: Client): Encoder {
  const control = fieldOf(client, "controlConnection");
  const getEncoder = fieldOf(control, "getEncoder");
  const encoder: unknown = typeof getEncoder === "function" ? Reflect.apply(getEncoder, control, []) : undefined;
  if (isEncoder(encoder)) return encoder;
  throw otherwise("no encoder to be asked for");
}

function isEncoder(value: unknown): value is Encoder {
  return typeof fieldOf(value, "encode") === "function" && typeof fieldOf(value, "decode") === "function";
}

function readMetadata(meta: object): PreparedStatement {
  const [columns, partitionKeys] = [fieldOf(meta, "columns"), fieldOf(meta, "partitionKeys")];
  if (!Array.isArray(columns) || !Array.isArray(partitionKeys) || !partitionKeys.every(Number.isInteger)) {
    throw otherwise("no markers with a prepared statement");
  }
  const [keyspace, table] = [textOf(meta, "keyspace"), textOf(meta, "table")];
  return {
    keyspace,
    table,
    partitionKeys,
    columns: columns.map((column: unknown): PreparedColumn => {
      const own = { keyspace: textOf(column, "ksname"), table: textOf(column, "tablename") };
      const name = textOf(column, "name") ?? "";
      return { keyspace: own.keyspace ?? keyspace, table: own.table ?? table, name, type: fieldOf(column, "type") };
    }),
  };
}

function fieldOf(of: unknown, name: string): unknown {
  return (typeof of === "object" && of !== null) || typeof of === "function" ? Reflect.get(of, name) : undefined;
}

function textOf(of: unknown, name: string): string | undefined {
  const value = fieldOf(of, name);
  return typeof value === "string" ? value : undefined;
}
