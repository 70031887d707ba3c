using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Dialogues;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Tables;

/// <summary>What the planner is to respect: tables and rounds, what to do with each criterion, who sits together, apart or fixed, access, languages, hosts.</summary>
internal static class EditRules
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/tables/rules", ShowAsync);
        organiser.MapPost("/tables/rules", SaveAsync).TakesForm();
    }

    private static async Task<IResult> ShowAsync(DialogueScope scope, SeatingDesk desk, DraftDesk drafts, CancellationToken cancellationToken)
    {
        IReadOnlyList<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        IReadOnlyList<Seatable> people = await desk.EverybodyAsync(scope.SiteId, cancellationToken);
        SeatingChoices rules = await drafts.RulesAsync(scope.SiteId, cancellationToken);
        if (rules.Tables.Count == 0)
        {
            rules = rules with { Tables = [Math.Max(1, people.Count(person => person.IsComing) / 9)], Rounds = 4 };
        }

        OpenDraft? draft = await drafts.OpenAsync(scope.SiteId, people, cancellationToken);
        if (draft is not null)
        {
            // Who is pinned in the draft keeps their seat when it is planned anew, unless the organiser strikes the line.
            rules = rules with
            {
                Fixed = [.. rules.Fixed.Concat(draft.State.Pins.SelectMany((pins, round) => pins.Select(number => new FixedChoice(number, draft.State.TableOf(round, number) + 1, round + 1))))
                    .Where(seat => seat.Table > 0).DistinctBy(seat => (seat.Number, seat.Round))],
            };
        }

        return Page(scope, SeatingChoicesForm.From(rules, criteria.Count), criteria, people, await desk.NamesAsync(scope.SiteId, cancellationToken), []);
    }

    private static async Task<IResult> SaveAsync(HttpRequest request, DialogueScope scope, SeatingDesk desk, DraftDesk drafts, PlannerReader reader, JobQueue jobs, CancellationToken cancellationToken)
    {
        SeatingChoicesForm form = SeatingChoicesForm.From(await request.ReadFormAsync(cancellationToken));
        IReadOnlyList<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        IReadOnlyList<Seatable> people = await desk.EverybodyAsync(scope.SiteId, cancellationToken);
        (SeatingChoices rules, IReadOnlyList<FieldProblem> problems) = form.Check(criteria.Count, people.Select(person => person.Number).ToHashSet());
        Seatable[] coming = [.. people.Where(person => person.IsComing)];
        if (problems.Count == 0)
        {
            problems = Impossible(coming, criteria, await desk.FacilitatorsAsync(scope.SiteId, cancellationToken), rules);
        }

        if (problems.Count > 0)
        {
            return Page(scope, form, criteria, people, await desk.NamesAsync(scope.SiteId, cancellationToken), problems);
        }

        string page = $"/organise/{scope.Segment}/tables";
        if (form["then"] != "plan")
        {
            await drafts.SaveRulesAsync(scope.SiteId, rules, cancellationToken);
            return Results.Redirect(page + "?notice=rules-saved");
        }

        if (await reader.NewestJobAsync(cancellationToken) is { State: JobState.Waiting or JobState.Running })
        {
            return Results.Redirect(page + "?notice=planning");
        }

        return await PlanTables.StartAsync(scope, rules, desk, drafts, jobs, cancellationToken) is { } refused ? Results.Redirect($"{page}?notice={refused}") : Results.Redirect(page);
    }

    /// <summary>What the planner would refuse, said at once and beside the field that it is about.</summary>
    private static FieldProblem[] Impossible(IReadOnlyList<Seatable> coming, IReadOnlyList<Criterion> criteria, IReadOnlyList<TableFacilitator> facilitators, SeatingChoices rules)
    {
        if (coming.Count == 0)
        {
            return [];
        }

        if (SeatingDesk.Problem(coming, criteria, facilitators, rules) is not { } problem)
        {
            return [new("seats", "too-few-seats", ("people", coming.Count))];
        }

        return [.. problem.Refusals().Select(refusal => new FieldProblem(
            refusal.Code switch
            {
                Seating.SeatingRefusalCodes.FixedTwice or Seating.SeatingRefusalCodes.FixedTooMany => "fixed",
                Seating.SeatingRefusalCodes.GroupTooLarge or Seating.SeatingRefusalCodes.TogetherAndApart => "together",
                Seating.SeatingRefusalCodes.ApartTooMany => "apart",
                Seating.SeatingRefusalCodes.TooFewAccessible => "accessible",
                Seating.SeatingRefusalCodes.TooManyHosts => "hosts",
                Seating.SeatingRefusalCodes.NoLanguage => "languages",
                Seating.SeatingRefusalCodes.UnknownReference => refusal.Subject is "fixed" or "apart" or "together" ? refusal.Subject : "languages",
                _ => "tables",
            },
            refusal.Code, ("subject", refusal.Subject), ("found", refusal.Found), ("limit", refusal.Limit)))];
    }

    private static RazorComponentResult<RulesPage> Page(
        DialogueScope scope, SeatingChoicesForm form, IReadOnlyList<Criterion> criteria, IReadOnlyList<Seatable> people, IReadOnlyDictionary<int, string> names, IReadOnlyList<FieldProblem> problems) =>
        new(new { Scope = scope, Form = form, Criteria = criteria, People = people, Names = names, Problems = problems })
        {
            StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
}
