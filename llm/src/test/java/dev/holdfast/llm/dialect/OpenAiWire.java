// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.util.List;

/** Bodies as clients and servers of OpenAI's dialect write them, written for these tests. */
final class OpenAiWire {
    private OpenAiWire() {}

    static final List<String> REQUESTS = List.of("""
            {"model":"gpt-x","messages":[{"role":"user","content":"Hi"}]}""", """
            {"model":"gpt-x","messages":[{"role":"system","content":"Only this."}]}""", """
            {"model":"gpt-x","messages":[
              {"role":"developer","content":"Be brief.","name":"boss"},
              {"role":"system","content":[{"type":"text","text":"Be kind."}]},
              {"role":"user","name":"ann","content":[
                {"type":"text","text":"What is this?"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO","detail":"low"}},
                {"type":"image_url","image_url":{"url":"https://h.example/i.png"}},
                {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},
                {"type":"file","file":{"file_id":"f-1"}}]},
              {"role":"assistant","reasoning_content":"hm","content":"Let me look.","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"look","arguments":"{\\"x\\": 1}"},
                 "extra_content":{"google":{"thought_signature":"abc"}}},
                {"id":"c2","type":"function","function":{"name":"look","arguments":"not json"}}]},
              {"role":"tool","tool_call_id":"c1","content":"a cat"},
              {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
              {"role":"tool","tool_call_id":"c3","content":[{"type":"text","text":"alone"}],"name":"look"},
              {"role":"assistant","content":null,"refusal":"I cannot."},
              {"role":"assistant","audio":{"id":"a-1"}},
              {"role":"assistant","content":[{"type":"text","text":"x"},{"type":"refusal","refusal":"no"}]},
              {"role":"system","content":"In the middle."},
              {"role":"user","content":""}],
             "tools":[
               {"type":"function","function":{"name":"look","description":"Looks.","strict":true,
                 "parameters":{"type":"object","properties":{"x":{"type":"number"}},"$defs":{"d":{}}}}},
               {"type":"custom","custom":{"name":"grammar","format":{"type":"text"}}},
               {"type":"function","function":{"name":"now"}}],
             "tool_choice":"auto","parallel_tool_calls":false,
             "temperature":0.5,"top_p":1,"top_k":-1,"max_completion_tokens":100,"n":2,"seed":-7,"stop":["a","b"],
             "frequency_penalty":0.25,"presence_penalty":-1,"logprobs":true,"top_logprobs":5,"logit_bias":{"50256":-100},
             "user":"u-1","metadata":{"team":"a"},"store":false,"service_tier":"flex","reasoning_effort":"low",
             "response_format":{"type":"json_schema","json_schema":{"name":"answer","description":"d","strict":true,
               "schema":{"type":"object","properties":{"a":{"const":1.50}}}}},
             "prediction":{"type":"content","content":"x"},"modalities":["text"]}""", """
            {"model":"gpt-x","messages":[{"role":"user","content":"Hi"}],"stop":"END","temperature":null,"tools":[],
             "response_format":{"type":"text"},"metadata":{"n":1},"tool_choice":"none"}""", """
            {"model":"gpt-x","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_object"},
             "tools":[{"type":"custom","custom":{"name":"grammar"}}],
             "tool_choice":{"type":"custom","custom":{"name":"grammar"}}}""", """
            {"model":"gpt-x","messages":[{"role":"user","content":"Hi"}],
             "tools":[{"type":"function","function":{"name":"a","parameters":{}}}],
             "tool_choice":{"type":"function","function":{"name":"a"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"loose","schema":{"type":"string"}}}}""", """
            {"model":"gpt-x","messages":[{"role":"user","content":"Hi"}],"stream":true,
             "stream_options":{"include_usage":true,"include_obfuscation":false},
             "tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object"},"strict":null}}],
             "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}}""");

    static final List<String> RESPONSES = List.of("""
            {"id":"chatcmpl-1","object":"chat.completion","created":1767000000,"model":"gpt-x-2026",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hi.","refusal":null,"annotations":[]},
               "logprobs":{"content":[{"token":"Hi","logprob":-0.5,"bytes":[72,105],"top_logprobs":[]}],"refusal":null},
               "finish_reason":"stop"}],
             "usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,
               "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},
               "completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":0,"accepted_prediction_tokens":0}},
             "service_tier":"default","system_fingerprint":"fp_1"}""", """
            {"id":"chatcmpl-2","object":"chat.completion","created":1767000000,"model":"gpt-x",
             "choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
                 {"id":"c1","type":"function","function":{"name":"look","arguments":"{\\"x\\":1}"}},
                 {"id":"c2","type":"function","function":{"name":"now","arguments":"{}"},"extra_content":{"a":1}}]},
               "logprobs":null,"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}""", """
            {"id":"chatcmpl-3","object":"chat.completion","created":1767000000,"model":"gpt-x",
             "choices":[{"index":0,"message":{"role":"assistant","content":"a","annotations":[{"type":"url_citation"}]},
                 "finish_reason":"length"},
               {"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"stop"}]}""", """
            {"id":"chatcmpl-4","object":"chat.completion","created":1767000000,"model":"gpt-x",
             "choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I cannot."},
               "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,
               "prompt_tokens_details":{"cached_tokens":0},"cost":0.1}}""");
}
