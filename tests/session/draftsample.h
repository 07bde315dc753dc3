// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small image and edits of it whose number can be read back from the draft.

#include "document/imagetree.h"
#include "session/draft.h"
#include "support/imagegen/imagebuilder.h"

namespace colophon::test {

inline oci::Reference draftReference() { return oci::Reference::parse(u"registry.example/vendor/app:1.4").value(); }

inline document::ImageTree draftImage()
{
    ImageBuilder builder;
    return builder.tree(builder.manifest({ordinary("a"), ordinary("b")}));
}

// Layer 0 marked with an address that says `number`; `padding` makes it longer.
inline document::EditSet draftEdits(int number, int padding = 0)
{
    const QString url = QStringLiteral("https://dl.example/%1/").arg(number) + QString(padding, u'x');
    return document::EditSet().with(document::SetMarking{document::NodePath::root().layerAt(0), true, {url}});
}

// -1 for any other draft.
inline int draftNumber(const session::Draft &draft)
{
    if (draft.edits.size() != 1)
        return -1;
    const QStringList urls = std::get<document::SetMarking>(draft.edits.first().edit).urls;
    return urls.isEmpty() ? -1 : urls.first().section(u'/', 3, 3).toInt();
}

inline session::Draft draftOf(int number, int padding = 0)
{
    return session::Draft::of(draftReference(), draftImage(), draftEdits(number, padding));
}

} // namespace colophon::test
