// SPDX-License-Identifier: Apache-2.0
// Fuzzes the span scanner and the edits over it. What must hold for any bytes: a document that parses keeps its bytes
// and nests its spans; marking a layer and unmarking it again gives the original back; every derived document parses.

#include "oci/imageindex.h"
#include "oci/manifest.h"

#include <QJsonDocument>

#include <cstdint>
#include <cstdlib>

using namespace colophon;

namespace {
void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkSpans(const oci::JsonValue &value)
{
    qsizetype at = value.span().begin;
    for (oci::JsonValue child = value.firstChild(); !child.isAbsent(); child = child.nextSibling()) {
        const qsizetype begin = child.keySpan().size() > 0 ? child.keySpan().begin : child.span().begin;
        require(begin > at - 1 && child.span().end <= value.span().end && child.span().end > begin);
        at = child.span().end;
        require(child.parent() == value);
        checkSpans(child);
    }
}

void checkMarking(const QByteArray &bytes)
{
    const auto manifest = oci::Manifest::parse(bytes);
    if (!manifest || !manifest->problems().isEmpty())
        return;
    for (qsizetype layer = 0; layer < manifest->layers().size() && layer < 4; ++layer) {
        const oci::Descriptor &before = manifest->layers()[layer];
        const QStringList urls{QStringLiteral("https://cdn.example/\"x\\")};
        const auto mark = manifest->withMarking(layer, true, urls);
        require(mark.has_value() || !before.mediaType.hasPair());
        if (!mark)
            continue;
        const QByteArray marked = oci::spliced(bytes, *mark);
        const auto derived = oci::Manifest::parse(marked);
        require(derived.has_value());
        require(derived->layers()[layer].mediaType.isNonDistributable() && derived->layers()[layer].urls == urls);
        const auto unmark = derived->withMarking(layer, before.mediaType.isNonDistributable(), before.urls);
        require(unmark.has_value());
        if (manifest->layerValue(layer)["urls"].isAbsent())
            require(oci::spliced(marked, *unmark) == bytes);
    }
}

void checkEntries(const QByteArray &bytes)
{
    const auto index = oci::ImageIndex::parse(bytes);
    if (!index || !index->problems().isEmpty())
        return;
    for (qsizetype entry = 0; entry < index->manifests().size() && entry < 4; ++entry) {
        const QByteArray content = "{\"other\":true}";
        const auto splices = index->withEntry(entry, content);
        require(splices.has_value());
        const auto derived = oci::ImageIndex::parse(oci::spliced(bytes, *splices));
        require(derived && derived->manifests()[entry].size == content.size());
    }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto document = oci::JsonDocument::parse(bytes);
    if (!document)
        return 0;
    require(document->bytes() == bytes);
    checkSpans(document->root());
    // Qt reads only objects and arrays, refuses numbers beyond a double, and nothing else that RFC 8259 allows.
    if (document->root().isObject() || document->root().isArray()) {
        QJsonParseError error;
        QJsonDocument::fromJson(bytes, &error);
        require(error.error == QJsonParseError::NoError || error.error == QJsonParseError::IllegalNumber);
    }
    checkMarking(bytes);
    checkEntries(bytes);
    return 0;
}
