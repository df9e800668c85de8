# What the tools share: find the package, and install what a build of it needs.
# Sourced by them; not a command.

# The folder of Package.swift, wherever the caller stands.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

swift_needed=6.2

say() { printf '\n==> %s\n' "$*" >&2; }

# Bad machine, not bad code: exit 2.
refuse() {
  printf 'error: %s\n' "$*" >&2
  exit 2
}

# Whether version $1 is at least version $2, both MAJOR.MINOR….
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The checks look for what the build uses, not for packages: a library built by hand counts.
has_git() { command -v git >/dev/null; }
has_pkg_config() { command -v pkg-config >/dev/null; }
has_gsl() { [ -e /usr/include/gsl/gsl_rng.h ] || { has_pkg_config && pkg-config --exists gsl; }; }
has_zlib() { [ -e /usr/include/zlib.h ] || { has_pkg_config && pkg-config --exists zlib; }; }
has_fashion_mnist() { [ -e /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz ]; }
has_slurm() { [ -x /usr/sbin/slurmctld ] && [ -x /usr/sbin/slurmd ] && [ -x /usr/sbin/munged ] && command -v sbatch >/dev/null; }
has_browser() { [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ]; }
has_callgrind() { command -v valgrind >/dev/null && command -v strip >/dev/null; }
has_linker_files() { [ "$(uname -s)" != Linux ] || compgen -G '/usr/lib/gcc/*/*/libstdc++.so' >/dev/null; }
has_certificates() { [ "$(uname -s)" != Linux ] || [ -e /etc/ssl/certs/ca-certificates.crt ]; }
swift_starts() { swift --version >/dev/null 2>&1 && swift build --version >/dev/null 2>&1; }

# Installs the Debian packages named, and says so first.
install() {
  command -v apt-get >/dev/null || refuse "there is no apt-get here to install what is missing: $* (Debian's names)." \
    "Please install it (on macOS: brew install gsl pkg-config), then call $0 again."
  local become=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || refuse "missing: $*. As root, run: apt-get install $*"
    become=(sudo)
  fi
  say "Installing what is missing: ${become[*]} apt-get install --yes $*"
  # The lists of a fresh machine are empty; an update that fails may still leave lists that are good enough.
  "${become[@]}" apt-get update --quiet >&2 || say "apt-get update failed; trying with the lists that are here"
  "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@" >&2 ||
    refuse "apt-get could not install: $*"
}

# Makes sure of Swift and of all that a build uses.
prepare() {
  local hint="Install Swift $swift_needed or later from https://www.swift.org/install/linux and put its usr/bin on PATH."
  command -v swift >/dev/null || refuse "Swift is not installed, or not on PATH. $hint"

  local missing=()
  has_git || missing+=(git)
  has_certificates || missing+=(ca-certificates)
  has_pkg_config || missing+=(pkg-config)
  has_gsl || missing+=(libgsl-dev)
  has_zlib || missing+=(zlib1g-dev)
  has_linker_files || missing+=(g++)
  # What Swift's own programs are linked with, where its installation did not bring it.
  swift_starts || missing+=(libcurl4-openssl-dev libncurses-dev libsqlite3-dev libxml2-dev tzdata)
  if [ ${#missing[@]} -gt 0 ]; then install "${missing[@]}"; fi

  swift_starts || refuse "Swift is installed but does not start: $({ swift --version && swift build --version; } 2>&1 |
    tail -n 1). https://www.swift.org/install/linux lists the packages that it needs."
  has_gsl || refuse "libgsl-dev is installed, but gsl/gsl_rng.h is not in /usr/include and pkg-config does not know gsl."
  local found
  found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  [ -n "$found" ] || refuse "'swift --version' names no version. $hint"
  at_least "$found" "$swift_needed" || refuse "Swift $found is too old. $hint"
}

# Makes sure of the images that the training scenarios and some tests read; Debian has them as a package.
prepare_data() {
  has_fashion_mnist || [ "$(uname -s)" != Linux ] || install dataset-fashion-mnist
}

# Makes sure of the Slurm that a test starts on this machine.
prepare_slurm() {
  has_slurm || [ "$(uname -s)" != Linux ] || install munge slurmctld slurmd slurm-client
}

# Makes sure of the browser that the tests of reports look with: 81 MB to load, 290 MB installed, and what it needs.
prepare_browser() {
  has_browser || [ "$(uname -s)" != Linux ] || install chromium
}

# Makes sure of what counts the instructions of commands.
prepare_callgrind() {
  has_callgrind || [ "$(uname -s)" != Linux ] || install valgrind binutils
}
