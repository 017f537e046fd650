/// What remembers whom bundles must be signed by.
enum TrustPlace: Equatable {
    /// The environment at a prefix.
    case prefix(String)
    /// A root, for all of its releases.
    case root(String)

    var path: String {
        switch self {
        case .prefix(let path), .root(let path): path
        }
    }

    func remembered() throws -> RememberedTrust? {
        switch self {
        case .prefix(let path): try RememberedTrust.of(path)
        case .root(let path): try RememberedTrust.ofRoot(path)
        }
    }

    /// Also where the list of them is gone.
    func remembersSomebody() throws -> Bool {
        switch self {
        case .prefix(let path): try RememberedTrust.isIn(path)
        case .root(let path): try ReleaseRoot.ifThere(path)?.state()?.trust != nil
        }
    }
}

extension InstallRequest {
    var trustPlace: TrustPlace { root.map { .root($0) } ?? .prefix(place) }
}
