// SPDX-License-Identifier: Apache-2.0
// The official Anthropic library for Node, told nothing of what stands behind its base URL. Prints one JSON object.
import Anthropic from '@anthropic-ai/sdk';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey, maxRetries: 2 });
const messages = [{ role: 'user', content: 'How is the sea today?' }];
const max_tokens = 200;
const tools = [{
  name: 'tide',
  input_schema: { type: 'object', properties: { port: { type: 'string' }, day: { type: 'integer' } }, required: ['port'] },
}];

const seen = (answer) => ({
  text: answer.content[0].text, finish: answer.stop_reason, tokens: answer.usage.output_tokens,
});

async function plain(model) {
  return seen(await client.messages.create({ model, messages, max_tokens }));
}

async function streamed(model) {
  return seen(await client.messages.stream({ model, messages, max_tokens }).finalMessage());
}

async function tool(model, stream) {
  const ask = async (conversation) => stream
    ? client.messages.stream({ model, messages: conversation, max_tokens, tools }).finalMessage()
    : client.messages.create({ model, messages: conversation, max_tokens, tools });
  const first = await ask(messages);
  const call = first.content.find((block) => block.type === 'tool_use');
  const second = await ask([
    ...messages,
    { role: 'assistant', content: first.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'high at noon' }] },
  ]);
  return {
    finish: first.stop_reason, name: call.name, arguments: call.input, text: second.content[0].text, end: second.stop_reason,
  };
}

async function brokenStream(model) {
  let text = '';
  for await (const event of await client.messages.create({ model, messages, max_tokens, stream: true })) {
    text += event.delta?.text ?? '';
  }
  return { text, end: 'clean' };
}

async function models() {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  return { ids };
}

async function failing(run) {
  const start = performance.now();
  try {
    return { ...await run(), millis: performance.now() - start };
  } catch (error) {
    return {
      error: error.constructor.name, status: error.status, code: error.error?.error?.code, type: error.error?.error?.type,
      api: error instanceof Anthropic.APIError, millis: performance.now() - start,
    };
  }
}

const out = { plain: {}, streamed: {}, tool: {}, toolStreamed: {}, errors: {} };
for (const model of ['default', 'own-down', 'other-down']) {
  out.plain[model] = await failing(() => plain(model));
  out.streamed[model] = await failing(() => streamed(model));
}
for (const model of ['tool', 'tool-own-down']) {
  out.tool[model] = await failing(() => tool(model, false));
  out.toolStreamed[model] = await failing(() => tool(model, true));
}
for (const model of ['e400', 'e429', 'e500', 'e503', 'e-auth', 'e-hang', 'nobody']) {
  out.errors[model] = await failing(() => plain(model));
}
const stranger = new Anthropic({ baseURL, apiKey: 'sk-not-known', maxRetries: 2 });
out.errors.stranger = await failing(() => stranger.messages.create({ model: 'default', messages, max_tokens }));
out.comesBack = await failing(() => plain('comes-back'));
out.cut = await failing(() => brokenStream('cut'));
out.models = await failing(models);
console.log(JSON.stringify(out));
