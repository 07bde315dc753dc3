// SPDX-License-Identifier: Apache-2.0
#include "content/connector.h"

namespace colophon::content {

base::Result<NamedImage> namedAsTyped(const QString &typed)
{
    auto reference = oci::Reference::parsePasted(typed);
    if (!reference)
        return base::fail(reference.error());
    return NamedImage{*reference, {}};
}

} // namespace colophon::content
