# shellcheck shell=bash
# Sourced by install and release: the native libraries of other systems, made on this one.
#
# OpenVINO's own come out of that system's wheel. The C++ that JavaCPP generates of the preset is the same for all systems;
# zig compiles it for each, with the wheel's headers. Paged attention is C++ on OpenVINO's side, too, and needs a compiler
# with the wheel's C++ library: on arm64 Linux Debian's cross-compiler has it. For macOS and Windows there is none here,
# so that ovchat refuses paged attention there, in a sentence.

SYSTEMS="linux-arm64 macosx-arm64 windows-x86_64"
CROSS_COMPILER=aarch64-linux-gnu-g++
cross_compiler_command() { install_command g++-aarch64-linux-gnu gcc-c++-aarch64-linux-gnu; }

# make_system SYSTEM TREE: its JNI libraries, into the classes of the preset, which are compiled already. TREE is the tree of
# sources that is built, this project's or a copy of it. $FOR_SYSTEM is then what has Maven pack them, and that system's
# OpenVINO. Needs $work, a folder of this run. linux-x86_64 is for a release: else JavaCPP makes what this machine runs.
make_system() {
  local system=$1 tree=$2 platform library compile libraries=() # gcc's linker takes libraries after what needs them
  local classes=$tree/lib/openvino-preset/target/classes native=$tree/lib/openvino-preset/src/main/native jdk
  jdk=$(dirname "$(dirname "$(readlink -f "$JAVA")")")/include
  local zig=("$VENV_SYSTEMS/bin/python" -m ziglang c++ -O3 -s -shared -fvisibility=hidden -w "-I$native")
  local gcc=(-O3 -s -shared -fPIC -pthread -w -Wl,-Bsymbolic "-I$native" "-I$jdk" "-I$jdk/linux")
  case $system in
    linux-x86_64)
      library=libjniopenvino.so
      REDIST=$(realpath "$OVCHAT_HOME/openvino")
      compile=(g++ "${gcc[@]}") libraries=("$REDIST"/libs/libopenvino_c.so.*)
      ;;
    linux-arm64)
      platform=manylinux_2_35_aarch64 library=libjniopenvino.so # the glibc of this name is zig's, too
      bring_openvino "$system" "$platform" "$tree"
      compile=("${zig[@]}" -target aarch64-linux-gnu.2.35 -fPIC "-I$jdk" "-I$jdk/linux") libraries=("$REDIST"/libs/libopenvino_c.so.*)
      ;;
    macosx-arm64)
      # macOS finds OpenVINO's functions in the process: NativeRuntime has loaded the library from wherever it is.
      platform=macosx_11_0_arm64 library=libjniopenvino.dylib
      bring_openvino "$system" "$platform" "$tree"
      compile=("${zig[@]}" -target aarch64-macos.11.0 -fPIC "-I$jdk" "-I$jdk/linux" -Wl,-undefined,dynamic_lookup "-Wl,-install_name,@rpath/$library")
      ;;
    windows-x86_64)
      platform=win_amd64 library=jniopenvino.dll
      bring_openvino "$system" "$platform" "$tree"
      compile=("${zig[@]}" -target x86_64-windows-gnu "-I$native/windows" "-I$jdk" -include "$native/windows/boolean.h") libraries=("$REDIST/libs/openvino_c.lib")
      ;;
    *) fail "There are no libraries for $system, but for ${SYSTEMS// /, }. Those of this system are always there." ;;
  esac
  say "Compiling the JNI library for $system: a minute, the first time some more …"
  generate "$system" "$classes" 'org.bytedeco.openvino.*' 'org.bytedeco.openvino.global.*'
  mkdir -p "$classes/org/bytedeco/openvino/$system"
  ZIG_GLOBAL_CACHE_DIR=${ZIG_GLOBAL_CACHE_DIR:-$OVCHAT_CACHE/zig} "${compile[@]}" "-I$REDIST/include" "$work"/generated/*.cpp "${libraries[@]}" -o "$work/$library" \
    || fail "The JNI library for $system could not be compiled; the compiler says why above."
  mv "$work/$library" "$classes/org/bytedeco/openvino/$system/"
  case $system in
    linux-x86_64) make_paged_attention "$system" g++ ;;
    linux-arm64) make_paged_attention "$system" "$CROSS_COMPILER" ;;
  esac
  FOR_SYSTEM=("-Djavacpp.platform=$system" "-Dopenvino.platform.module=${system/-/.}" "-Dpreset.redist.home=$REDIST")
}

# make_paged_attention SYSTEM COMPILER: the part of make_system that needs a compiler with the wheel's C++ library.
make_paged_attention() {
  local system=$1 compiler=$2 folder=$classes/org/bytedeco/openvino/paged/$1
  rm -rf "$folder"
  if ! command -v "$compiler" > /dev/null; then
    say "Without the compiler $compiler the jar has no paged attention. What helps: $(cross_compiler_command)"
    return
  fi
  generate "$system" "$classes" org.bytedeco.openvino.paged.PagedAttention
  mkdir -p "$folder"
  "$compiler" "${gcc[@]}" "-I$REDIST/include" "$work"/generated/*.cpp \
    -o "$folder/libjniPagedAttention.so" "$REDIST"/libs/libopenvino_c.so.* "$REDIST"/libs/libopenvino.so.* \
    || fail "Paged attention could not be compiled for $system; $compiler says why above."
}

# generate SYSTEM CLASSES NAMES…: JavaCPP's C++ of classes of the preset, in $work/generated.
generate() {
  rm -rf "$work/generated"
  mkdir "$work/generated"
  "$JAVA" -cp "$ROOT/lib/ovchat-notebook/target/dependency/*" org.bytedeco.javacpp.tools.Builder \
    -classpath "$2" -properties "$1" -nocompile -d "$work/generated" "${@:3}" 2> "$work/generated/said" \
    || { cat "$work/generated/said" >&2; fail "JavaCPP could not generate the JNI library; it says why above."; }
  "$VENV_SYSTEMS/bin/python" "$ROOT/scripts/plumbing/in_order.py" "$work"/generated/*.cpp
}

# bring_openvino SYSTEM PLATFORM TREE: sets $REDIST to OpenVINO's package for a system, unpacked, of the version of TREE's
# requirements.txt. PLATFORM is its name in wheels.
bring_openvino() {
  local version folder
  version=$(sed -n 's/^openvino==\([^ ]*\).*/\1/p' "$3/environment/requirements.txt")
  folder=$OVCHAT_HOME/openvino-$version-$1
  REDIST=$folder/openvino
  [ ! -d "$folder" ] || return 0
  say "Downloading OpenVINO $version for $1: 30 MB, for Windows 85 MB …"
  "$VENV_SYSTEMS/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --platform "$2" --python-version 3.11 --dest "$work/wheel" "openvino==$version" \
    || fail "OpenVINO for $1 could not be had; pip says why above. Is the network there? Then run this again."
  "$VENV_SYSTEMS/bin/python" -m zipfile --extract "$work"/wheel/*"$2".whl "$folder.new"
  rm "$work"/wheel/*
  mv "$folder.new" "$folder"
}
