// SPDX-License-Identifier: Apache-2.0
#include "signing/forms.h"

#include <QCoreApplication>

namespace colophon::signing {

QString digestAloneInWords()
{
    return QCoreApplication::translate(
        "signing", "It names the image by its digest alone, so that it is as good in any other repository.");
}

} // namespace colophon::signing
