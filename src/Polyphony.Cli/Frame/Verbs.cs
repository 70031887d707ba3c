using System.CommandLine;
using Polyphony.Cli.Analyse;
using Polyphony.Cli.Draw;
using Polyphony.Cli.Invite;
using Polyphony.Cli.Seat;

namespace Polyphony.Cli.Frame;

/// <summary>The table of contents: every verb of the tool.</summary>
internal static class Verbs
{
    /// <summary>Understood by every verb.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "Answer with exactly one JSON object on standard output.", Recursive = true };

    /// <summary>All verbs, or the only group that a command line needs: to describe the options of every verb takes longer than some verbs themselves.</summary>
    /// <param name="first">The first word of the command line; null, or no group: all of them.</param>
    public static RootCommand Root(string? first = null)
    {
        RootCommand root = new("Draws and checks what citizens' dialogues need, offline: invitations from a register, fair lotteries, public draws, seating plans.");
        root.Options.Add(Json);
        (string Name, Func<Command> Make)[] groups = [("invite", InviteVerb.Make), ("draw", DrawVerbs.Group), ("analyse", AnalyseVerbs.Group), ("seat", SeatVerb.Make)];
        foreach ((string name, Func<Command> make) in groups)
        {
            if (name == first || !groups.Any(group => group.Name == first))
            {
                root.Subcommands.Add(make());
            }
        }

        return root;
    }
}
