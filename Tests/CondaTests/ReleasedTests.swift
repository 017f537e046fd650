import Testing

@testable import Conda

@Suite("When a conda package was built")
struct ReleasedTests {
    @Test(
        "follows from its timestamp in milliseconds",
        arguments: [
            (1_700_000_000_000, "2023-11-14T22:13:20Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_799_999, "2000-02-29T23:59:59Z"), (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (315_532_800_000, "1980-01-01T00:00:00Z"), (253_402_300_799_999, "9999-12-31T23:59:59Z"),
            (1_767_225_599_000, "2025-12-31T23:59:59Z"), (0, nil), (-1, nil), (253_402_300_800_000, nil),
            (Int64.max, nil), (Int64.min, nil), (nil, nil),
        ] as [(Int64?, String?)])
    func dates(_ timestamp: Int64?, _ expected: String?) {
        var record = PackageRecord(
            name: "a", version: "1", build: "0", buildNumber: 0, subdir: "noarch", filename: "a-1-0.conda")
        record.timestamp = timestamp
        #expect(record.released == expected)
    }
}
