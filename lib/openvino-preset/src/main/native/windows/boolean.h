#pragma once

// Comes before all else: Windows has a type BOOLEAN, and OpenVINO an enumerator. openvino.h renames it too late for its own
// parts that JavaCPP includes one by one.

#include <windows.h>
#define BOOLEAN OV_BOOLEAN
