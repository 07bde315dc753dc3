// SPDX-License-Identifier: Apache-2.0
// The addresses of a layer in the overview: their list, what is done with it, and what each of them answered.
#include "document/selection.h"
#include "items/urlsmodel.h"
#include "widgets/common/delegates.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"
#include "widgets/inspector/overviewpane.h"

#include <QGroupBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <functional>

namespace colophon::widgets {

namespace {
// An address in the fixed font, cut in the middle (its ends tell more), and below it what it answered: side by side
// neither has the room it needs.
class AddressDelegate final : public SymbolDelegate
{
public:
    // `typed`: what stands in the editor, whenever it changes.
    AddressDelegate(std::function<void(const QString &)> typed, QObject *parent)
        : SymbolDelegate(parent)
        , m_typed(std::move(typed))
    {
    }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QWidget *editor = SymbolDelegate::createEditor(parent, option, index);
        if (auto *line = qobject_cast<QLineEdit *>(editor)) {
            line->setFont(fixedFont());
            line->setPlaceholderText(QStringLiteral("https://"));
            line->setAccessibleName(OverviewPane::tr("Address"));
            QObject::connect(line, &QLineEdit::textEdited, this, m_typed);
        }
        return editor;
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {0, 2 * lineHeight(option) + 4};
    }
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        const int height = std::min(option.rect.height(), std::max(lineHeight(option), editor->sizeHint().height()));
        editor->setGeometry(QRect(option.rect.topLeft(), QSize(option.rect.width(), height)));
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        // Nearer to each other than to the next address.
        constexpr int margin = 4;
        const int half = (option.rect.height() - margin) / 2;
        option.widget->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
        QStyleOptionViewItem above = option;
        above.rect.setRect(option.rect.left(), option.rect.top() + margin / 2, option.rect.width(), half);
        SymbolDelegate::paint(painter, above, index);
        QStyleOptionViewItem below = option;
        below.rect.setRect(option.rect.left(), above.rect.bottom(), option.rect.width(), half);
        below.state &= ~QStyle::State_HasFocus;
        m_answer.paint(painter, below, index.siblingAtColumn(items::UrlsModel::AnswerColumn));
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        SymbolDelegate::initStyleOption(option, index);
        option->font = fixedFont();
        option->fontMetrics = QFontMetrics(option->font);
        option->textElideMode = Qt::ElideMiddle;
    }

private:
    static int lineHeight(const QStyleOptionViewItem &option) { return std::max(option.fontMetrics.height(), 16) + 6; }
    BadgeDelegate m_answer;
    std::function<void(const QString &)> m_typed;
};

constexpr int shownAddresses = 3; // rows at most; more scroll
} // namespace

void OverviewPane::buildAddresses()
{
    m_addresses->setModel(m_urls);
    m_addresses->setRootIsDecorated(false);
    m_addresses->setUniformRowHeights(true);
    m_addresses->setAllColumnsShowFocus(true);
    m_addresses->setTabKeyNavigation(false);
    m_addresses->setAccessibleName(tr("Addresses of the layer"));
    m_addresses->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_addresses->setItemDelegateForColumn(
        items::UrlsModel::AddressColumn,
        new AddressDelegate([this](const QString &typed) { judge(typed); }, m_addresses));
    m_addresses->setColumnHidden(items::UrlsModel::AnswerColumn, true); // the delegate draws it
    m_addresses->setHeaderHidden(true);
    m_addresses->header()->setSectionResizeMode(items::UrlsModel::AddressColumn, QHeaderView::Stretch);
    setPlainText(m_addressNote, tr("A distributable layer needs no address: it is stored in the registry."));

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    buttons->addWidget(m_add);
    buttons->addWidget(m_remove);
    buttons->addWidget(m_up);
    buttons->addWidget(m_down);
    buttons->addStretch(1);
    buttons->addWidget(m_template);
    auto *asking = new QHBoxLayout;
    asking->setSpacing(4);
    asking->addWidget(m_probe);
    asking->addWidget(m_verify);
    asking->addStretch(1);
    m_wholeAddress->setFont(fixedFont());
    setPlainToolTip(m_template, tr("Fills in addresses from templates such as https://downloads.example/{hex}"));
    setPlainToolTip(m_verify, tr("Reads the whole of each address, without credentials, and checks size and digest"));
    auto *column = new QVBoxLayout(m_addressBox);
    column->setSpacing(8);
    column->addWidget(m_addresses);
    column->addWidget(m_addressNote);
    column->addLayout(buttons);
    column->addWidget(m_wholeAddress);
    column->addWidget(m_answer);
    column->addLayout(asking);

    connect(m_add, &QPushButton::clicked, this, &OverviewPane::addAddress);
    connect(m_remove, &QPushButton::clicked, this, &OverviewPane::removeAddress);
    connect(m_up, &QToolButton::clicked, this, [this] { moveAddress(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { moveAddress(+1); });
    connect(m_probe, &QPushButton::clicked, this, [this] {
        if (m_urls->isProbing())
            Q_EMIT probeStopRequested();
        else
            Q_EMIT probeRequested({m_path});
    });
    connect(m_verify, &QPushButton::clicked, this, [this] { Q_EMIT verifyRequested({m_path}); });
    connect(m_template, &QPushButton::clicked, this, [this] { Q_EMIT templateRequested({m_path}); });
    connect(m_urls, &QAbstractItemModel::dataChanged, this, &OverviewPane::updateButtons);
    connect(m_urls, &items::UrlsModel::refused, this, &OverviewPane::refused);
    connect(m_addresses->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &OverviewPane::updateButtons);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_urls, signal, this, &OverviewPane::updateButtons);
    connect(m_urls, &QAbstractItemModel::modelReset, this, &OverviewPane::updateButtons);
    connect(m_addresses->itemDelegateForColumn(items::UrlsModel::AddressColumn), &QAbstractItemDelegate::closeEditor,
            this, [this] {
                if (m_urls->hasEmptyDraft())
                    m_urls->dropDraft();
                showAddress();
            });
}

void OverviewPane::updateButtons()
{
    const int row = m_addresses->currentIndex().row();
    const int rows = m_urls->rowCount();
    const int height = 2 * (std::max(QFontMetrics(fixedFont()).height(), 16) + 6) + 4;
    m_addresses->setFixedHeight(std::clamp(rows, 1, shownAddresses) * height + 2 * m_addresses->frameWidth());
    const bool editable = m_add->isEnabled();
    m_remove->setEnabled(editable && row >= 0);
    m_up->setEnabled(editable && row > 0);
    m_down->setEnabled(editable && row >= 0 && row + 1 < rows);
    const bool probing = m_urls->isProbing();
    m_probe->setText(probing ? tr("&Stop") : tr("&Probe"));
    m_probe->setIcon(symbolIcon(probing ? items::Symbol::Close : items::Symbol::Probe));
    setPlainToolTip(m_probe, probing ? tr("Stops asking the addresses")
                                     : tr("Asks each address for one byte, without credentials, as a customer's tool "
                                          "would"));
    m_probe->setEnabled(rows > 0 && !m_urls->hasEmptyDraft());
    m_verify->setEnabled(m_probe->isEnabled() && !probing);
    showAddress();
}

QString OverviewPane::addressText() const
{
    QStringList texts{m_wholeAddress->text(), m_answer->text()};
    texts.removeAll(QString());
    return texts.join(QLatin1Char('\n'));
}

void OverviewPane::showAddress()
{
    // The list cuts what is long: here the current one stands whole, with what its answer means.
    const QModelIndex current = m_urls->index(std::max(0, m_addresses->currentIndex().row()), 0);
    const bool shows = current.isValid() && m_addresses->isVisibleTo(m_addressBox);
    m_wholeAddress->setValue(shows ? current.data(Qt::EditRole).toString() : QString());
    const QModelIndex answer = current.siblingAtColumn(items::UrlsModel::AnswerColumn);
    setPlainText(m_answer, shows ? items::readable(answer.data(items::UrlsModel::MeaningRole).toString()) : QString());
    tint(items::Tone(answer.data(items::ToneRole).toInt()));
    m_wholeAddress->setVisible(!m_wholeAddress->text().isEmpty());
    m_answer->setVisible(!m_answer->text().isEmpty());
}

void OverviewPane::tint(items::Tone tone)
{
    QPalette mine = m_addressBox->palette();
    if (tone == items::Tone::Warning || tone == items::Tone::Error)
        mine.setColor(QPalette::WindowText, colorsOf(tone, mine).text);
    m_answer->setPalette(mine);
}

void OverviewPane::judge(const QString &typed)
{
    const QString address = typed.trimmed();
    const auto checked = document::checkedAddress(address);
    m_wholeAddress->setValue(address);
    QString problem = checked || address.isEmpty() ? QString() : items::readable(checked.error().message);
    if (!checked && address.contains(QLatin1Char('{')))
        problem += QLatin1Char(' ') + tr("“Template…” fills in {hex} and its like.");
    setPlainText(m_answer, problem);
    tint(items::Tone::Error);
    m_wholeAddress->setVisible(!address.isEmpty());
    m_answer->setVisible(!m_answer->text().isEmpty());
}

void OverviewPane::addAddress()
{
    const QModelIndex draft = m_urls->addDraft();
    if (!draft.isValid())
        return;
    m_addresses->setCurrentIndex(draft);
    m_addresses->edit(draft);
}

void OverviewPane::removeAddress()
{
    const int row = m_addresses->currentIndex().row();
    if (m_urls->remove(row) && m_urls->rowCount() > 0)
        m_addresses->setCurrentIndex(m_urls->index(std::min(row, m_urls->rowCount() - 1), 0));
}

void OverviewPane::moveAddress(int by)
{
    const int row = m_addresses->currentIndex().row();
    if (m_urls->move(row, row + by))
        m_addresses->setCurrentIndex(m_urls->index(row + by, 0));
}

} // namespace colophon::widgets
