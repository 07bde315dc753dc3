// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/addressesdialog.h"

#include "document/titles.h"
#include "items/appearance.h"
#include "widgets/common/delegates.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace colophon::widgets {

namespace {
// Addresses in the fixed font, cut in the middle: their ends tell more.
class PreviewDelegate final : public SymbolDelegate
{
public:
    using SymbolDelegate::SymbolDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize size = SymbolDelegate::sizeHint(option, index);
        return {size.width(), std::max(size.height(), 24)};
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        SymbolDelegate::initStyleOption(option, index);
        if (index.column() != items::AddressPreview::AddressColumn)
            return;
        option->font = fixedFont();
        option->fontMetrics = QFontMetrics(option->font);
        option->textElideMode = Qt::ElideMiddle;
    }
};
} // namespace

AddressesDialog::AddressesDialog(editing::ImageDocument *document, const document::Selection &selection,
                                 const QStringList &lastUsed, const items::AddressOf &addressOf, QWidget *parent)
    : QDialog(parent)
    , m_document(document)
    , m_selection(selection)
    , m_preview(new items::AddressPreview(this))
    , m_templates(new QPlainTextEdit(this))
    , m_keep(new QCheckBox(tr("&Keep the addresses they have, before these"), this))
    , m_problem(plainLabel({}, this))
    , m_view(new QTreeView(this))
    , m_more(plainLabel({}, this))
    , m_set(nullptr)
{
    setObjectName(QStringLiteral("addresses"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_preview->setLayers(document->tree(), selection.layers);
    const auto count = m_preview->layers().size();
    setWindowTitle(count == 1
                       ? tr("Addresses of %1").arg(document::Titles(document->tree()).name(selection.layers.first()))
                       : tr("Addresses of %1 layers").arg(count));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(buildTemplates());
    if (!selection.passedBy.isEmpty()) {
        auto *passed = plainLabel(items::passedByInWords(selection), this);
        passed->setObjectName(QStringLiteral("passedBy"));
        passed->setForegroundRole(QPalette::PlaceholderText);
        column->addWidget(passed);
    }
    m_keep->setVisible(
        std::ranges::any_of(m_preview->layers(), [](const auto &layer) { return !layer.urls.isEmpty(); }));
    column->addWidget(m_keep);
    column->addWidget(m_problem);
    auto *title = plainLabel(tr("&What each layer gets"), this);
    title->setBuddy(m_view);
    column->addWidget(title);
    column->addWidget(m_view, 1);
    column->addWidget(m_more);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_set = buttons->addButton(QString(), QDialogButtonBox::AcceptRole);
    m_set->setDefault(true);
    column->addWidget(buttons);

    m_view->setModel(m_preview);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setAccessibleName(tr("What each layer gets"));
    m_view->setItemDelegate(new PreviewDelegate(m_view));
    m_view->header()->resizeSection(items::AddressPreview::LayerColumn, 280);
    m_view->header()->setStretchLastSection(true);
    setPlainText(m_more, tr("And %1 more layers.").arg(m_preview->notShown()));
    m_more->setVisible(m_preview->notShown() > 0);

    connect(buttons, &QDialogButtonBox::accepted, this, &AddressesDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_templates, &QPlainTextEdit::textChanged, this, &AddressesDialog::judge);
    connect(m_keep, &QCheckBox::toggled, this, &AddressesDialog::judge);
    connect(document, &QObject::destroyed, this, &QDialog::reject);
    m_templates->setPlainText(firstTemplates(lastUsed, addressOf).join(QLatin1Char('\n')));
    m_templates->selectAll();
    m_templates->setFocus();
    judge();
    resize(840, 520);
}

QWidget *AddressesDialog::buildTemplates()
{
    auto *part = new QWidget(this);
    auto *title = plainLabel(tr("&Addresses, one on a line; clients ask the first one first"), part);
    title->setBuddy(m_templates);
    m_templates->setObjectName(QStringLiteral("templates"));
    m_templates->setAccessibleName(tr("Addresses, one on a line"));
    m_templates->setFont(fixedFont());
    m_templates->setTabChangesFocus(true);
    m_templates->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_templates->setPlaceholderText(QStringLiteral("https://downloads.example/{repository}/{hex}"));
    m_templates->setFixedHeight(4 * QFontMetrics(fixedFont()).lineSpacing() + 16);
    auto *names = new QHBoxLayout;
    names->setSpacing(4);
    auto *filledIn = plainLabel(tr("Filled in for each layer:"), part);
    filledIn->setWordWrap(false);
    names->addWidget(filledIn);
    for (const QString &name : items::templateNames()) {
        auto *button = new QToolButton(part);
        button->setText(name);
        button->setFont(fixedFont());
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(tr("Insert %1").arg(name));
        connect(button, &QToolButton::clicked, m_templates, [this, name] {
            m_templates->insertPlainText(name);
            m_templates->setFocus();
        });
        names->addWidget(button);
    }
    names->addStretch(1);
    auto *column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(title);
    column->addWidget(m_templates);
    column->addLayout(names);
    return part;
}

QStringList AddressesDialog::firstTemplates(const QStringList &lastUsed, const items::AddressOf &addressOf) const
{
    const auto templatesOf = [](const oci::Descriptor &layer) {
        QStringList templates;
        for (const QString &url : layer.urls)
            templates << items::templateFrom(url, layer.digest);
        return templates;
    };
    const QList<oci::Descriptor> &layers = m_preview->layers();
    QStringList first = templatesOf(layers.constFirst());
    const bool common =
        std::ranges::all_of(layers, [&](const oci::Descriptor &layer) { return templatesOf(layer) == first; });
    if (common && !first.isEmpty())
        return first;
    if (!lastUsed.isEmpty())
        return lastUsed;
    const QString own = addressOf ? addressOf(layers.constFirst()) : QString();
    return own.isEmpty() ? QStringList() : QStringList{items::templateFrom(own, layers.constFirst().digest)};
}

items::AddressTemplates AddressesDialog::typed() const
{
    items::AddressTemplates templates;
    for (const QString &line : m_templates->toPlainText().split(QLatin1Char('\n'))) {
        if (const QString text = line.trimmed(); !text.isEmpty())
            templates.lines << text;
    }
    templates.registry = m_document->reference().registry();
    templates.repository = m_document->reference().repository();
    templates.keepsPresent = m_keep->isVisibleTo(this) && m_keep->isChecked();
    return templates;
}

QString AddressesDialog::problem() const { return m_set->isEnabled() ? QString() : m_problem->text(); }

void AddressesDialog::judge()
{
    if (!m_document)
        return;
    const items::AddressTemplates templates = typed();
    const auto good = templates.check(m_preview->layers());
    m_preview->setTemplates(good ? templates : items::AddressTemplates());
    setPlainText(m_problem, good ? QString() : items::readable(good.error().text()));
    m_problem->setVisible(!good.has_value() && !templates.lines.isEmpty());
    QPalette mine = palette();
    mine.setColor(QPalette::WindowText, colorsOf(items::Tone::Error, mine).text);
    m_problem->setPalette(mine);
    m_set->setEnabled(good.has_value());
    const bool marks = std::ranges::any_of(m_preview->layers(),
                                           [](const auto &layer) { return !layer.mediaType.isNonDistributable(); });
    m_set->setText(marks ? tr("&Mark and set the addresses") : tr("&Set the addresses"));
}

void AddressesDialog::accept()
{
    if (!m_document || !m_set->isEnabled())
        return;
    const items::AddressTemplates templates = typed();
    if (const auto done = items::setAddresses(*m_document, m_selection.layers, templates); !done) {
        setPlainText(m_problem, items::readable(done.error().text()));
        m_problem->show();
        return;
    }
    const auto count = m_preview->layers().size();
    Q_EMIT addressesSet(templates.lines, count == 1 ? tr("Set the addresses of 1 layer")
                                                    : tr("Set the addresses of %1 layers").arg(count));
    QDialog::accept();
}

} // namespace colophon::widgets
