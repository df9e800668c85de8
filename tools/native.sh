# What make-wheel and make-deb share: a program that needs nothing but the C and C++ libraries of the system.
# Sourced by them after lib.sh; not a command.

scratch=$root/.build-wheel
# A prefix as packages install it: bin, libexec/airsplit, share/airsplit, include.
native=$scratch/prefix
version=$(sed -n 's/.*static let version = "\(.*\)".*/\1/p' Sources/Simulation/Recorder.swift)

# Where the linker of this machine finds a static library.
static_library() { cc -print-file-name="lib$1.a"; }

has_static_zlib() { [ -e "$(static_library z)" ]; }

# The licence of a Debian package's library.
licence_of() { compgen -G "/usr/share/doc/$1/copyright" | head -n 1; }

prepare_native() {
  prepare
  local missing=()
  has_static_zlib || missing+=(zlib1g-dev)
  [ -n "$(licence_of 'libicu[0-9]*')" ] || missing+=(libicu-dev)
  [ -n "$(licence_of libyaml-0-2)" ] || missing+=(libyaml-0-2)
  command -v readelf >/dev/null || missing+=(binutils)
  if [ ${#missing[@]} -gt 0 ]; then install "${missing[@]}"; fi
  has_static_zlib || refuse "there is no libz.a, with which the program is linked"
}

# SwiftPM links Foundation with all or nothing of ICU, most of which is data, and shared libraries with shared ones. So its objects
# are linked again: with Swift's libraries inside, and one library of ICU that serves the program and the C library.
icu=lib_FoundationICU.so
link_with_swift() {
  swiftc -static-stdlib "$native/libexec/airsplit/$icu" "$@" -Xlinker -s -Xlinker --gc-sections >&2
}

copy_icu() {
  strip -o "$native/libexec/airsplit/$icu" "$(dirname "$(readlink -f "$(command -v swift)")")/../lib/swift/linux/$icu"
}

# Builds the program with zlib inside.
build_program() {
  local static=$scratch/static
  mkdir -p "$static"
  ln -sf "$(static_library z)" "$static/"
  swift build --configuration release --scratch-path "$scratch" --product airsplit --static-swift-stdlib >&2
  link_with_swift -emit-executable -module-name airsplit -o "$1" "-L$static" \
    "@$scratch/release/airsplit.product/Objects.LinkFileList" -Xlinker --defsym -Xlinker main=airsplit_main \
    -Xlinker -rpath -Xlinker "\$ORIGIN/../libexec/airsplit"
}

# Builds the C library with the names of its header alone. Debian's zlib is not for shared libraries: that of the system is taken.
build_library() {
  local swift_static
  swift_static=$(dirname "$(readlink -f "$(command -v swift)")")/../lib/swift_static/linux
  swift build --configuration release --scratch-path "$scratch" --product airsplit-library --static-swift-stdlib \
    -Xlinker "-L$swift_static" >&2
  printf '{ global: airsplit_*; local: *; };\n' >"$scratch/library.map"
  link_with_swift -emit-library -module-name airsplit_library -o "$1" \
    "@$scratch/release/airsplit-library.product/Objects.LinkFileList" -Xlinker -rpath -Xlinker "\$ORIGIN" \
    -Xlinker "--version-script=$scratch/library.map" -Xlinker "-soname=$(basename "$1")"
}

# What is linked in or shipped beside, each with its text.
gather_licences() {
  mkdir -p "$1"
  cp LICENSE "$1/AirSplit.txt"
  cp "$scratch/checkouts/swift-argument-parser/LICENSE.txt" "$1/swift-argument-parser.txt"
  cp "$scratch/checkouts/Yams/LICENSE" "$1/Yams.txt"
  cp "$(dirname "$(readlink -f "$(command -v swift)")")/../share/swift/LICENSE.txt" "$1/Swift-Foundation-libdispatch.txt"
  cp "$(licence_of 'libicu[0-9]*')" "$1/ICU.txt"
  cp "$(licence_of libyaml-0-2)" "$1/libyaml.txt"
  cp "$(licence_of 'zlib1g*')" "$1/zlib.txt"
}

# Makes the prefix.
build_native() {
  say "Building airsplit $version with Swift's libraries inside (a first build takes a few minutes)"
  rm -rf "$native"
  mkdir -p "$native"/{bin,libexec/airsplit,share/airsplit,include}
  cp Sources/CAirSplit/include/airsplit.h "$native/include/"
  copy_icu
  build_program "$native/bin/airsplit"
  build_library "$native/libexec/airsplit/libairsplit.so"
  git ls-files -z scenarios | xargs -0 cp --parents -t "$native/share/airsplit"
}

# The newest version of the C library that anything under a folder asks for, such as 2.35.
needed_glibc() {
  find "$1" -type f -exec sh -c 'readelf -V "$1" 2>/dev/null' _ {} \; | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' |
    sort -uV | tail -n 1
}
