import Hummingbird

/// The files that pages load; the executable holds them.
struct PageEndpoints: Sendable {
    let writer: AnswerWriter

    func add(to router: some RouterMethods<AdminRequestContext>) {
        router.get(RouterPath(AdminPath.style.rawValue)) { _, _ in
            self.writer.file(PackageResources.page_css, "text/css; charset=utf-8")
        }
        router.get(RouterPath(AdminPath.script.rawValue)) { _, _ in
            self.writer.file(PackageResources.page_js, "text/javascript; charset=utf-8")
        }
    }
}
