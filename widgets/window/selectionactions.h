// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the window's actions do with the selected nodes, beyond toggling them: addresses from templates, the layers of a
// base image, annotations, formats, removing platforms, saving and verifying layers. It carries out, says what
// happened, and asks others by signals.

#include "items/marking.h"
#include "oci/mediatype.h"
#include "session/settings.h"

#include <QObject>
#include <QPointer>

#include <functional>

class QWidget;

namespace colophon::widgets {

class ImageController;
class ImageTreeView;
class Inspector;
class SaveStrip;
class WindowActions;

// Asks for the file to save into, and calls `chosen` with it, later or never. Replacing a file has been agreed to then.
using FileChooser =
    std::function<void(QWidget *window, const QString &suggested, std::function<void(const QString &file)> chosen)>;

class SelectionActions final : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        WindowActions *actions;
        ImageController *controller;
        ImageTreeView *tree;
        Inspector *inspector;
        session::Settings *settings;
        QWidget *window;
    };
    explicit SelectionActions(const Parts &parts);

    // Where a layer that is marked is to be fetched from.
    void setAddressOf(items::AddressOf addressOf) { m_addressOf = std::move(addressOf); }
    void setFileChooser(FileChooser chooser) { m_chooser = std::move(chooser); }
    SaveStrip *saveStrip() const { return m_save; }
    // Enables what can be done now, after toggleMarking was. `open`: an image is open and seen.
    void update(bool open);

    void editAddresses(const QList<document::NodePath> &layers);

Q_SIGNALS:
    void said(const QString &what); // for the status line
    void refused(const colophon::base::Error &why);
    // The registry of a base image asks who is there; `again` reads it again.
    void signInWanted(const QString &registry, const colophon::base::Error &error, const std::function<void()> &again);
    void changed(); // of what may be done

private:
    void chooseBaseLayers();
    void editAnnotations();
    void convert(oci::MediaType::Family family);
    void removeEntries();
    void saveLayer();
    editing::ImageDocument *document() const;
    std::optional<oci::Descriptor> currentLayer() const;

    Parts m_parts;
    items::AddressOf m_addressOf;
    FileChooser m_chooser;
    SaveStrip *m_save;
};

} // namespace colophon::widgets
