// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.util.List;

/** Bodies as clients and servers of Anthropic's dialect write them, written for these tests. */
final class AnthropicWire {
    private AnthropicWire() {}

    static final List<String> REQUESTS = List.of("""
            {"model":"claude-x","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""", """
            {"model":"claude-x","max_tokens":1024,
             "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}},
               {"type":"text","text":"Be kind."}],
             "messages":[
               {"role":"user","content":[
                 {"type":"text","text":"What is this?","cache_control":{"type":"ephemeral","ttl":"1h"}},
                 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}},
                 {"type":"image","source":{"type":"url","url":"https://h.example/i.png"}},
                 {"type":"image","source":{"type":"file","file_id":"f-1"}},
                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"},"title":"t"}]},
               {"role":"assistant","content":[
                 {"type":"thinking","thinking":"hm","signature":"sig"},
                 {"type":"redacted_thinking","data":"enc"},
                 {"type":"text","text":"Let me look.","citations":[{"type":"char_location","cited_text":"d"}]},
                 {"type":"tool_use","id":"t1","name":"look","input":{"x":1.50,"y":{}}},
                 {"type":"tool_use","id":"t2","name":"look","input":{},"caller":{"type":"direct"}},
                 {"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}}]},
               {"role":"user","content":[
                 {"type":"tool_result","tool_use_id":"t1","content":"a cat"},
                 {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[
                   {"type":"text","text":"too dark"},
                   {"type":"image","source":{"type":"url","url":"https://h.example/j.png"}},
                   {"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"x"}]}],
                   "cache_control":{"type":"ephemeral"}},
                 {"type":"tool_result","tool_use_id":"t3","is_error":false,"content":[{"type":"text","text":"one"}]},
                 {"type":"tool_result","tool_use_id":"t4"},
                 {"type":"text","text":"And now?"}]},
               {"role":"user","content":"Really now?"},
               {"role":"assistant","content":"Now."},
               {"role":"user","content":[{"type":"text","text":"first"},
                 {"type":"tool_result","tool_use_id":"t5","content":""}]}],
             "tools":[
               {"name":"look","description":"Looks.","strict":true,"cache_control":{"type":"ephemeral"},
                "input_schema":{"type":"object","properties":{"x":{"type":"number"}}}},
               {"type":"web_search_20250305","name":"web_search","max_uses":3},
               {"type":"custom","name":"now","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"tool","name":"look","disable_parallel_tool_use":true},
             "thinking":{"type":"enabled","budget_tokens":1024},
             "temperature":1,"top_p":0.9,"top_k":5,"stop_sequences":["END"],"metadata":{"user_id":"u-1"},
             "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}},"effort":"low"},
             "service_tier":"auto","container":null,"mcp_servers":[]}""", """
            {"model":"claude-x","max_tokens":5,"system":"Be brief.","stop_sequences":[],"tools":[],
             "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Once"}],
             "tool_choice":{"type":"auto"},"metadata":{}}""", """
            {"model":"claude-x","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],
             "tools":[{"type":"bash_20250124","name":"bash"}],"tool_choice":{"type":"any"},"stream":true}""", """
            {"model":"claude-x","max_tokens":5,"messages":[{"role":"user","content":"Hi"}],
             "tools":[{"name":"a","input_schema":{"type":"object"}}],"tool_choice":{"type":"none"}}""");

    static final List<String> RESPONSES = List.of("""
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
               {"type":"thinking","thinking":"hm","signature":"sig"},{"type":"redacted_thinking","data":"enc"},
               {"type":"text","text":"Let me "},
               {"type":"text","text":"look.","citations":[{"type":"char_location","cited_text":"d"}]},
               {"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}},
               {"type":"tool_use","id":"t1","name":"look","input":{"x":1},"caller":{"type":"direct"}}],
             "stop_reason":"tool_use","stop_sequence":null,"container":null,
             "usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":7,
               "service_tier":"standard","cache_creation":{"ephemeral_5m_input_tokens":3}}}""", """
            {"id":"msg_2","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"a"}],
             "stop_reason":"stop_sequence","stop_sequence":"END",
             "usage":{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":7}}
            """, """
            {"id":"msg_3","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"a"}],
             "stop_reason":"pause_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":2}}""");
}
