#pragma once

// What a JDK for Windows has in include/win32, by the rules of the JNI specification: jni.h asks for these names alone.

#define JNIEXPORT __declspec(dllexport)
#define JNIIMPORT __declspec(dllimport)
#define JNICALL __stdcall

typedef int jint;
typedef long long jlong;
typedef signed char jbyte;
