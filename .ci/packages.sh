# SPDX-License-Identifier: Apache-2.0
# Sourced by app/run and tests/run: what Colophon needs of Debian 12, and how it gets there.

packages_build="g++ cmake ninja-build pkg-config ccache qt6-base-dev libgl-dev qcoro-qt6-dev qtkeychain-qt6-dev libssl-dev libsodium-dev
    libarchive-dev libboost1.81-dev libcpp-httplib-dev libcli11-dev libtomlplusplus-dev"
packages_run="libqt6svg6 libsecret-1-0 fonts-dejavu-core ca-certificates"
packages_test="curl docker-registry skopeo umoci podman containerd docker.io xvfb fonts-noto-cjk openssl zstd nlohmann-json3-dev
    clang-19 libclang-rt-19-dev clang-format-19 clang-tidy-19 git gnome-keyring dbus-daemon dbus-x11"

# install_missing PACKAGE…: asks for more rights only when something is missing.
install_missing() {
    local missing=""
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    local as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These packages are missing and only root can install them:$missing" >&2
            return 1
        fi
        as_root="sudo"
    fi
    echo "Installing:$missing"
    $as_root apt-get update -qq
    # Servers that come with the packages are started by us, on loopback and on ports of our own, never by the system.
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
