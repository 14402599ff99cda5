"""Makes a GGUF file of another format with llama.cpp, which restores quantized weights first: SOURCE TARGET FORMAT."""
import ctypes
import sys

import llama_cpp

source, target, kind = sys.argv[1:]
values = llama_cpp.llama_model_quantize_default_params()
values.ftype, values.allow_requantize = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{kind}"), True
sys.exit(llama_cpp.llama_model_quantize(source.encode(), target.encode(), ctypes.byref(values)))
