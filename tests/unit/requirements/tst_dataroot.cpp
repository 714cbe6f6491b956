#include "scenarios/requirements/dataroot.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

class DataRootTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aBuiltProgramFindsTheSourceTree();
    void anInstalledProgramFindsItsShare();
    void aLinkToAnInstalledProgramIsFollowed();
    void foldersHangBelowTheRoot();
};

void DataRootTest::aBuiltProgramFindsTheSourceTree()
{
    QTemporaryDir folder;
    const QString program = folder.filePath(QStringLiteral("bin/hiatus"));
    QCOMPARE(hiatus::dataRoot(program.toStdString()), std::string(HIATUS_SOURCE_DIR));
    QCOMPARE(hiatus::dataRoot(""), std::string(HIATUS_SOURCE_DIR));
}

void DataRootTest::anInstalledProgramFindsItsShare()
{
    QTemporaryDir folder;
    const QDir root(QFileInfo(folder.path()).canonicalFilePath());
    QVERIFY(root.mkpath(QStringLiteral("bin")) && root.mkpath(QStringLiteral("share/hiatus")));
    QCOMPARE(hiatus::dataRoot(root.filePath(QStringLiteral("bin/hiatus")).toStdString()),
             root.filePath(QStringLiteral("share/hiatus")).toStdString());
}

void DataRootTest::aLinkToAnInstalledProgramIsFollowed()
{
    QTemporaryDir folder;
    const QDir root(QFileInfo(folder.path()).canonicalFilePath());
    QVERIFY(root.mkpath(QStringLiteral("opt/bin")) && root.mkpath(QStringLiteral("opt/share/hiatus")));
    QFile program(root.filePath(QStringLiteral("opt/bin/hiatus")));
    QVERIFY(program.open(QIODevice::WriteOnly));
    QVERIFY(QFile::link(program.fileName(), root.filePath(QStringLiteral("link"))));
    QCOMPARE(hiatus::dataRoot(root.filePath(QStringLiteral("link")).toStdString()),
             root.filePath(QStringLiteral("opt/share/hiatus")).toStdString());
}

void DataRootTest::foldersHangBelowTheRoot()
{
    QCOMPARE(hiatus::catalogDirectory("/r"), std::string("/r/scenarios/catalog"));
    QCOMPARE(hiatus::fragmentsDirectory("/r"), std::string("/r/scenarios/fragments"));
    QCOMPARE(hiatus::requirementsDirectory("/r"), std::string("/r/scenarios/requirements"));
    QCOMPARE(hiatus::targetsDirectory("/r"), std::string("/r/scenarios/targets"));
}

QTEST_APPLESS_MAIN(DataRootTest)
#include "tst_dataroot.moc"
