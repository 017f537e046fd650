import Digests
import Install
import TestSupport
import Testing

@Suite struct ReleaseHistoryTests {
    private func entry(
        _ event: ActivationLog.Event, _ version: String?, _ time: String
    ) -> ActivationLog.Entry {
        .init(
            event, ChangeStamp(now: time, by: ActingUser(uid: 0, user: "root"), host: "db7"), version: version
        )
    }

    private var history: ReleaseHistory {
        ReleaseHistory([
            entry(.installed, "1", "2026-11-01T08:00:00Z"),
            entry(.activated, "1", "2026-11-01T08:00:01Z"),
            entry(.activated, "2", "2026-11-20T22:00:00Z"),
            entry(.activationFailed, "3", "2026-11-21T01:00:00Z"),
            entry(.rolledBack, "1", "2026-11-21T03:12:44Z"),
            entry(.removed, "2", "2026-11-22T00:00:00Z"),
            entry(.uninstalled, nil, "2026-12-01T00:00:00Z"),
        ])
    }

    @Test func `each release was current until the next one was`() {
        #expect(
            history.periods.map { "\($0.version) \($0.from) \($0.until ?? "on")" } == [
                "1 2026-11-01T08:00:01Z 2026-11-20T22:00:00Z", "2 2026-11-20T22:00:00Z 2026-11-21T03:12:44Z",
                "1 2026-11-21T03:12:44Z 2026-12-01T00:00:00Z",
            ])
    }

    @Test(arguments: [
        ("2026-10-31", [String]()), ("2026-11-01", ["1"]), ("2026-11-10", ["1"]), ("2026-11-20", ["1", "2"]),
        ("2026-11-21", ["2", "1"]), ("2026-11-22", ["1"]), ("2026-12-02", []),
    ])
    func `what ran on a day`(day: String, versions: [String]) {
        #expect(history.on(day).map(\.version) == versions)
    }

    @Test func `a period that lasts counts for every later day`() {
        let history = ReleaseHistory([entry(.activated, "1", "2026-11-01T08:00:01Z")])
        #expect(history.on("2031-01-01").map(\.until) == [nil])
    }

    @Test(arguments: [
        ("2026-11-21", true), ("2024-02-29", true), ("2000-02-29", true), ("2026-02-29", false),
        ("1900-02-29", false), ("2026-13-01", false), ("2026-00-10", false), ("2026-04-31", false),
        ("2026-4-3", false), ("today", false), ("", false), ("2026-11-21T00:00", false),
        ("２０２６-11-21", false),
    ])
    func `days of the calendar`(text: String, isDay: Bool) { #expect(ReleaseHistory.isDay(text) == isDay) }

    @Test(arguments: [
        ("/opt/payroll/.airlift/airlift", "/opt/payroll"), ("/opt/größe/.airlift/airlift", "/opt/größe"),
        ("/.airlift/airlift", nil), ("/opt/payroll/airlift", nil), ("/usr/bin/airlift-installer", nil),
        ("/opt/payroll/.airlift/airlift (deleted)", nil), ("", nil),
    ])
    func `the kept installer knows its root by its own path`(executable: String, root: String?) {
        #expect(KeptInstaller.root(of: executable) == root)
    }
}
