// SPDX-License-Identifier: Apache-2.0
#pragma once

// What edits change in an image, for people: a line for each marking, type, annotation and entry that differs.

#include "document/edit.h"

#include <QStringList>

namespace colophon::ctl {

QStringList changedLines(const document::ImageTree &original, const document::DerivedImage &derived);

} // namespace colophon::ctl
