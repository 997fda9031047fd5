// A small application as many are: Express, raw CQL, a batch, and the driver's Mapper.
const { Client, mapping } = require("cassandra-driver");
const express = require("express");

const { CASSANDRA, DATACENTER, KEYSPACE, PORT } = process.env;
const client = new Client({ contactPoints: [CASSANDRA], localDataCenter: DATACENTER, keyspace: KEYSPACE });
const mappings = new mapping.UnderscoreCqlToCamelCaseMappings();
const mapper = new mapping.Mapper(client, { models: { Profile: { tables: ["profiles"], mappings } } });
const profiles = mapper.forModel("Profile");
const prepare = { prepare: true };

const app = express();
app.use(express.json());

app.get("/users/:id", async (req, res) => {
  const cql = "SELECT id, name, email FROM users WHERE id = ?";
  const user = (await client.execute(cql, [Number(req.params.id)], prepare)).first();
  if (!user) return res.sendStatus(404);
  res.json(user);
});

app.put("/users/:id", async (req, res) => {
  const { name, email } = req.body;
  const cql = "INSERT INTO users (id, name, email) VALUES (?, ?, ?)";
  await client.execute(cql, [Number(req.params.id), name, email], prepare);
  res.sendStatus(204);
});

app.delete("/users/:id", async (req, res) => {
  await client.execute("DELETE FROM users WHERE id = ?", [Number(req.params.id)], prepare);
  res.sendStatus(204);
});

app.get("/users/:id/friends", async (req, res) => {
  const cql = "SELECT friend_id FROM friendships WHERE user_id = ?";
  const friends = (await client.execute(cql, [Number(req.params.id)], prepare)).rows;
  res.json(friends.map((row) => row.friend_id));
});

app.put("/users/:id/friends/:friend", async (req, res) => {
  const [id, friend] = [Number(req.params.id), Number(req.params.friend)];
  const query = "INSERT INTO friendships (user_id, friend_id, since) VALUES (?, ?, toTimestamp(now()))";
  const both = [id, friend].map((from, i) => ({ query, params: [from, i === 0 ? friend : id] }));
  await client.batch(both, prepare);
  res.sendStatus(204);
});

app.delete("/users/:id/friends/:friend", async (req, res) => {
  const [id, friend] = [Number(req.params.id), Number(req.params.friend)];
  const query = "DELETE FROM friendships WHERE user_id = ? AND friend_id = ?";
  await client.batch(
    [
      { query, params: [id, friend] },
      { query, params: [friend, id] },
    ],
    prepare,
  );
  res.sendStatus(204);
});

app.get("/users/:id/profile", async (req, res) => {
  const profile = await profiles.get({ userId: Number(req.params.id) });
  if (!profile) return res.sendStatus(404);
  res.json({ motto: profile.motto, town: profile.town });
});

app.put("/users/:id/profile", async (req, res) => {
  const { motto, town } = req.body;
  await profiles.update({ userId: Number(req.params.id), motto, town });
  res.sendStatus(204);
});

const server = app.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
process.on("SIGTERM", () => server.close(() => client.shutdown()));
