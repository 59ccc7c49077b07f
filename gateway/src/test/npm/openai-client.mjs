// SPDX-License-Identifier: Apache-2.0
// The official OpenAI library for Node, told nothing of what stands behind its base URL. Prints one JSON object.
import OpenAI from 'openai';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey, maxRetries: 2 });
const messages = [{ role: 'user', content: 'How is the sea today?' }];
const tools = [{
  type: 'function',
  function: {
    name: 'tide',
    parameters: { type: 'object', properties: { port: { type: 'string' }, day: { type: 'integer' } }, required: ['port'] },
  },
}];

async function plain(model) {
  const answer = await client.chat.completions.create({ model, messages });
  return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, tokens: answer.usage.completion_tokens };
}

async function streamed(model) {
  const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
  const answer = await stream.finalChatCompletion();
  return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, tokens: answer.usage.completion_tokens };
}

async function tool(model, stream) {
  const ask = async (conversation) => stream
    ? client.chat.completions.stream({ model, messages: conversation, tools }).finalChatCompletion()
    : client.chat.completions.create({ model, messages: conversation, tools });
  const first = await ask(messages);
  const call = first.choices[0].message.tool_calls[0];
  const second = await ask([
    ...messages, first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: 'high at noon' },
  ]);
  return {
    finish: first.choices[0].finish_reason, name: call.function.name, arguments: JSON.parse(call.function.arguments),
    text: second.choices[0].message.content, end: second.choices[0].finish_reason,
  };
}

async function brokenStream(model) {
  let text = '';
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
  }
  return { text, end: 'clean' };
}

async function embeddings(model) {
  const answer = await client.embeddings.create({ model, input: ['a small harbour', 'another'] });
  return {
    count: answer.data.length,
    squares: answer.data[0].embedding.reduce((sum, number) => sum + number * number, 0),
  };
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
      error: error.constructor.name, status: error.status, code: error.code, type: error.type,
      api: error instanceof OpenAI.APIError, millis: performance.now() - start,
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
const stranger = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: 'sk-not-known', maxRetries: 2 });
out.errors.stranger = await failing(() => stranger.models.list());
out.comesBack = await failing(() => plain('comes-back'));
out.cut = await failing(() => brokenStream('cut'));
out.embeddings = await failing(() => embeddings('default'));
out.models = await failing(models);
console.log(JSON.stringify(out));
