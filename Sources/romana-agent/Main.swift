import Agent

@main
struct Main {
    static func main() async {
        await AgentProgram.main()
    }
}
