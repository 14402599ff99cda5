#pragma once

#include <exception>
#include <memory>
#include <string>

#include "openvino/c/ov_model.h"
#include "openvino/core/model.hpp"
#include "openvino/pass/manager.hpp"
#include "openvino/pass/sdpa_to_paged_attention.hpp"

// What OpenVINO has in C++ and not in C. Compiled against the very version that it runs on (NativeRuntime, requirements.txt).

// Turns the attention of a stateful language model into paged attention, in place.
// Returns null, or why it cannot be done; the text is valid until this thread's next call.
inline const char *ov_model_use_paged_attention(ov_model_t *model) {
  thread_local std::string reason;
  try {
    // The C API's ov_model_t is a struct of this one member (bindings/c/src/common.h).
    auto &graph = *reinterpret_cast<std::shared_ptr<ov::Model> *>(model);
    ov::pass::Manager passes;
    passes.register_pass<ov::pass::SDPAToPagedAttention>();
    passes.run_passes(graph);
    return nullptr;
  } catch (const std::exception &e) {
    reason = e.what();
  }
  return reason.c_str();
}
