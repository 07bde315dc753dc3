// SPDX-License-Identifier: Apache-2.0
#pragma once

// The platform an image runs on (image-spec image-index.md, "platform"), written `os[(os.version)]/arch[/variant]`,
// e.g. `linux/arm/v7`, `windows(10.0.17763)/amd64`.

#include "base/result.h"

#include <QString>

namespace colophon::oci {

struct Platform
{
    QString os;
    QString architecture;
    QString variant;   // may be empty
    QString osVersion; // may be empty

    static base::Result<Platform> parse(QStringView text);
    QString toString() const;
    bool isUnknown() const; // "unknown/unknown": how BuildKit marks attestation manifests

    // Whether `this`, as a person typed it, picks `other`: empty variant or os.version matches any.
    bool picks(const Platform &other) const;

    bool operator==(const Platform &) const = default;
    friend size_t qHash(const Platform &platform, size_t seed = 0) noexcept
    {
        return qHashMulti(seed, platform.os, platform.architecture, platform.variant, platform.osVersion);
    }
};

} // namespace colophon::oci
