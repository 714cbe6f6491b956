#include "scenarios/report/html/pack.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

namespace hiatus::report::html {

CaseParts traceParts(const std::string &json)
{
    static const QStringList wide{QStringLiteral("packet"), QStringLiteral("bytes"), QStringLiteral("text")};
    if (json.empty())
        return CaseParts(2 + static_cast<std::size_t>(wide.size()));
    const QString result = QStringLiteral("result"), trace = QStringLiteral("trace"), event = QStringLiteral("event");
    QJsonObject report = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    QJsonObject told = report[result][0].toObject();
    QJsonObject recorded = told[trace].toObject();
    const QJsonArray events = recorded.take(event).toArray();
    told[trace] = recorded;
    report[result] = QJsonArray{told};
    QJsonObject columns; // null where an event says nothing
    for (qsizetype i = 0; i < events.size(); ++i) {
        const QJsonObject row = events[i].toObject();
        for (auto value = row.begin(); value != row.end(); ++value) {
            QJsonArray column = columns.take(value.key()).toArray();
            while (column.size() < i)
                column.append(QJsonValue());
            column.append(value.value());
            columns[value.key()] = column;
        }
    }
    const auto written = [](const auto &content) { return QJsonDocument(content).toJson(QJsonDocument::Compact).toStdString(); };
    CaseParts parts{written(report)};
    for (const QString &name : wide)
        parts.push_back(written(columns.take(name).toArray()));
    parts.insert(parts.begin() + 1, written(columns));
    return parts;
}

std::string packOf(const std::vector<CaseParts> &cases)
{
    QJsonArray texts; // what is alike stands together, within reach of the compression
    for (std::size_t part = 0; !cases.empty() && part < cases.front().size(); ++part) {
        for (const CaseParts &each : cases)
            texts.append(QString::fromStdString(each[part]));
    }
    constexpr int lengthField = 4; // Qt's own, before the stream
    const QByteArray deflated = qCompress(QJsonDocument(texts).toJson(QJsonDocument::Compact), 9).mid(lengthField);
    return "<script type=\"text/plain\" class=\"pack\">" + deflated.toBase64().toStdString() + "</script>\n";
}

} // namespace hiatus::report::html
