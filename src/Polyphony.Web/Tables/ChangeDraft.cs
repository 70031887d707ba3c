using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tables;

/// <summary>Changes the draft by hand: moves a person, exchanges two, pins one, and takes steps back. One door for the forms and for the script, which asks for the changed parts alone.</summary>
internal static class ChangeDraft
{
    /// <summary>What a script asks for instead of a whole page.</summary>
    public const string PartType = "text/vnd.polyphony.parts";

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/tables/move", MoveAsync).TakesForm();
        organiser.MapPost("/tables/pin", PinAsync).TakesForm();
        organiser.MapPost("/tables/undo", (HttpRequest request, PlannerReader reader, DraftDesk drafts, CancellationToken cancellationToken) => TurnAsync(request, true, reader, drafts, cancellationToken)).TakesForm();
        organiser.MapPost("/tables/redo", (HttpRequest request, PlannerReader reader, DraftDesk drafts, CancellationToken cancellationToken) => TurnAsync(request, false, reader, drafts, cancellationToken)).TakesForm();
    }

    public static bool WantsParts(HttpRequest request) => request.Headers.Accept.ToString().Contains(PartType, StringComparison.Ordinal);

    /// <summary>The person sits down at a table (<c>to</c> is its number) or in exchange for somebody (<c>table/number</c>).</summary>
    private static async Task<IResult> MoveAsync(HttpRequest request, DialogueScope scope, PlannerReader reader, DraftDesk drafts, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        PlannerModel before = await reader.ReadAsync(PlannerSight.Of(field => form[field]), "", cancellationToken);
        if (Refusal(before, form) is { } refused)
        {
            return Answer(request, before, before, refused);
        }

        string[] to = form["to"].ToString().Split('/');
        int? table = PlannerSight.Whole(to[0]) - 1;
        int? other = to.Length > 1 ? PlannerSight.Whole(to[1]) : null;
        DraftState state = before.State;
        int round = before.Round;
        if (before.Sight.Person is not { } number || table is not (>= 0 and var target) || target >= state.Rounds[round].Length
            || (to.Length > 1 && (other is null || state.TableOf(round, other.Value) != target)) || (state.TableOf(round, number) < 0 && !before.Unseated.Contains(number)))
        {
            return Answer(request, before, before, "move");
        }

        if (state.IsPinned(round, number) || (other is { } who && state.IsPinned(round, who)))
        {
            return Answer(request, before, before, "pinned");
        }

        if (other == number || (other is null && state.TableOf(round, number) == target))
        {
            return Answer(request, before, before, "");
        }

        DraftState moved = other is { } partner ? state.Exchange(round, number, partner) : state.Move(round, number, target);
        return await SaveAsync(request, scope, before, moved, other is null ? "moved" : "exchanged", reader, drafts, cancellationToken);
    }

    /// <summary>Pins a person where they sit, in this round or in all, or takes the pins away.</summary>
    private static async Task<IResult> PinAsync(HttpRequest request, DialogueScope scope, PlannerReader reader, DraftDesk drafts, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        PlannerModel before = await reader.ReadAsync(PlannerSight.Of(field => form[field]), "", cancellationToken);
        if (Refusal(before, form) is { } refused)
        {
            return Answer(request, before, before, refused);
        }

        string what = form["pin"].ToString();
        if (before.Sight.Person is not { } number || what is not ("round" or "all" or "free"))
        {
            return Answer(request, before, before, "move");
        }

        DraftState state = before.State;
        for (int round = 0; round < state.Rounds.Length; round++)
        {
            if ((what != "round" || round == before.Round) && state.TableOf(round, number) >= 0)
            {
                state = state.Pin(round, number, what != "free");
            }
        }

        return await SaveAsync(request, scope, before, state, what == "free" ? "unpinned" : "pinned", reader, drafts, cancellationToken);
    }

    private static async Task<IResult> TurnAsync(HttpRequest request, bool back, PlannerReader reader, DraftDesk drafts, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        PlannerModel before = await reader.ReadAsync(PlannerSight.Of(field => form[field]), "", cancellationToken);
        string refused = Refusal(before, form) ?? (await drafts.TurnAsync(before.Draft!, back, cancellationToken) ? "" : "changed");
        PlannerModel after = refused.Length > 0 ? before : await reader.TurnedAsync(before, cancellationToken);
        return Answer(request, before, after, refused);
    }

    /// <summary>A change is made to what was seen: a draft that somebody changed meanwhile, or that is being planned anew, is shown again.</summary>
    private static string? Refusal(PlannerModel model, IFormCollection form) =>
        model.Draft is null ? "move" : model.IsPlanning ? "planning" : form["seen"] != model.Draft.Seen ? "changed" : null;

    private static async Task<IResult> SaveAsync(
        HttpRequest request, DialogueScope scope, PlannerModel before, DraftState state, string reason, PlannerReader reader, DraftDesk drafts, CancellationToken cancellationToken)
    {
        if (!await drafts.AddAsync(before.Draft!, state, reason, scope.Staff.Id, cancellationToken))
        {
            return Answer(request, before, await reader.ReadAsync(before.Sight, "", cancellationToken), "changed");
        }

        PlannerModel after = PlannerReader.After(before, before.Draft! with { State = state, Steps = before.Draft.Steps + 1, LastReason = reason, NextReason = "" });

        // Whoever drags somebody does not want to hear of all the places where they could sit.
        return Answer(request, before, request.Form["panel"] == "no" && WantsParts(request) ? after with { Sight = after.Sight with { Person = null } } : after, "");
    }

    private static IResult Answer(HttpRequest request, PlannerModel before, PlannerModel after, string notice)
    {
        if (!WantsParts(request))
        {
            string person = after.Sight.Person is null ? "" : "#planner-person";
            return Results.Redirect($"{after.Base}{after.Sight.Query(person: after.Sight.Person)}{(notice.Length > 0 ? "&notice=" + notice : "")}{person}");
        }

        int[] changed = after.Draft is null || before.Draft is null || notice == "changed" ? [] : [.. Changed(before, after)];
        return new RazorComponentResult<PlannerParts>(new { Model = after with { Notice = notice }, Changed = changed })
        {
            StatusCode = notice switch { "" => StatusCodes.Status200OK, "changed" or "planning" => StatusCodes.Status409Conflict, _ => StatusCodes.Status422UnprocessableEntity },
        };
    }

    /// <summary>Tables of the round that is shown that look different now.</summary>
    private static IEnumerable<int> Changed(PlannerModel before, PlannerModel after)
    {
        int round = after.Round;
        int[][] was = before.State.Rounds[round];
        int[][] becomes = after.State.Rounds[round];
        HashSet<int> pins = [.. before.State.Pins[round]];
        pins.SymmetricExceptWith(after.State.Pins[round]);

        // As long as the same people sit, a table's rules depend on its own people alone.
        bool same = was.SelectMany(table => table).ToHashSet().SetEquals(becomes.SelectMany(table => table));
        for (int table = 0; table < becomes.Length; table++)
        {
            if (!was[table].AsSpan().SequenceEqual(becomes[table]) || becomes[table].Any(pins.Contains) || (!same && before.BreachesAt(table).Count != after.BreachesAt(table).Count))
            {
                yield return table;
            }
        }
    }
}
