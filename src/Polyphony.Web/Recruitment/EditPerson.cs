using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Recruitment;

/// <summary>Adds, corrects or removes one person of the pool, until the freeze.</summary>
internal static class EditPerson
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/pool/people/new", (DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken) => OpenAsync(null, scope, db, desk, cancellationToken));
        organiser.MapPost("/pool/people/new", (HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken) => SaveAsync(null, request, scope, db, desk, cancellationToken)).TakesForm();
        organiser.MapGet("/pool/people/{member}", (PoolMemberId member, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken) => OpenAsync(member, scope, db, desk, cancellationToken));
        organiser.MapPost("/pool/people/{member}", (PoolMemberId member, HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken) => SaveAsync(member, request, scope, db, desk, cancellationToken)).TakesForm();
        organiser.MapPost("/pool/people/{member}/remove", RemoveAsync).TakesForm();
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Segment}/pool";

    private static async Task<(PoolMember Member, Person Person)?> FindAsync(PoolMemberId? id, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        id is { } known
        && await db.PoolMembers.SingleOrDefaultAsync(member => member.Id == known && member.SiteId == scope.SiteId, cancellationToken) is { } member
            ? (member, await db.People.SingleAsync(person => person.Id == member.PersonId, cancellationToken))
            : null;

    private static async Task<IResult> OpenAsync(PoolMemberId? id, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        var found = await FindAsync(id, scope, db, cancellationToken);
        if (id is not null && found is null)
        {
            return Results.NotFound();
        }

        return new RazorComponentResult<PersonPage>(new
        {
            Scope = scope,
            Id = id,
            Criteria = criteria,
            Form = found is { } there
                ? new PersonForm(there.Member.ExternalId, there.Person.Name, there.Person.Email, there.Person.Language, there.Person.PostalAddress, [.. there.Member.Values.Select(value => (int?)value)])
                : new PersonForm("", "", "", "", "", [.. criteria.Select(_ => (int?)null)]),
            Problems = (IReadOnlyList<FieldProblem>)[],
        });
    }

    private static async Task<IResult> SaveAsync(PoolMemberId? id, HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        var found = await FindAsync(id, scope, db, cancellationToken);
        if (id is not null && found is null)
        {
            return Results.NotFound();
        }

        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        PersonForm form = PersonForm.Of(await request.ReadFormAsync(cancellationToken), criteria);
        FieldProblems problems = form.Check(criteria);
        string key = CellText.Key(form.Id);
        if (form.Id.Length > 0
            && (await db.PoolMembers.Where(member => member.SiteId == scope.SiteId).Select(member => new { member.Id, member.ExternalId }).ToListAsync(cancellationToken))
                .Any(member => member.Id != id && CellText.Key(member.ExternalId) == key))
        {
            problems.Add("id", "id-taken");
        }

        if (problems.Any)
        {
            return new RazorComponentResult<PersonPage>(new { Scope = scope, Id = id, Criteria = criteria, Form = form, Problems = problems.All }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
        }

        if (found is { } there)
        {
            (there.Member.ExternalId, there.Person.Name, there.Person.Email, there.Person.Language) = (form.Id, form.Name, form.Email, form.Language);
            there.Member.Values = [.. form.Values.Select(value => value!.Value)];
            if (there.Person.PostalAddress != form.Address)
            {
                (there.Person.PostalAddress, there.Member.HouseholdKey) = (form.Address, form.HouseholdKey);
            }
        }
        else
        {
            desk.AddPerson(scope.Site!, new PoolPerson(0, form.Id, form.Name, form.Email, form.Language, [.. form.Values.Select(value => value!.Value)], form.HouseholdKey, form.Address));
        }

        await desk.ChangedAsync(scope, id is null ? "pool.person-added" : "pool.person-corrected", "{}", cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + (id is null ? "?notice=added" : "?notice=saved"));
    }

    private static async Task<IResult> RemoveAsync(PoolMemberId member, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        if (await FindAsync(member, scope, db, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        db.PoolMembers.Remove(found.Member);
        db.People.Remove(found.Person);
        await desk.ChangedAsync(scope, "pool.person-removed", "{}", cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=removed");
    }
}

/// <summary>One person as typed; a null value is one that was not chosen.</summary>
public sealed record PersonForm(string Id, string Name, string Email, string Language, string Address, IReadOnlyList<int?> Values)
{
    /// <summary>Lines of the address as one household, as the columns of a file are.</summary>
    public string? HouseholdKey => Address.Length == 0 ? null : string.Join('\u001f', Address.Split('\n').Select(CellText.Key));

    /// <summary>The value of a criterion that follows from two others that are asked for; null: it is asked for itself.</summary>
    public static Func<IReadOnlyList<int?>, int?>? Following(IReadOnlyList<Criterion> criteria, int index)
    {
        IReadOnlyList<QuotaCriterion> sheet = PoolDesk.AsSheet(criteria);
        if (JointQuota.Of(sheet[index]) is not { } joint)
        {
            return null;
        }

        int first = Find(joint.First);
        int second = Find(joint.Second);
        return first < 0 || second < 0
            ? null
            : values => values[first] is { } one && values[second] is { } other ? joint.ValueOf(sheet[first].Values[one].Name, sheet[second].Values[other].Name) : null;

        int Find(string name) => sheet.Index().FirstOrDefault(criterion => CellText.Key(criterion.Item.Name) == CellText.Key(name) && JointQuota.Of(criterion.Item) is null, (-1, null!)).Index;
    }

    public static PersonForm Of(IFormCollection form, IReadOnlyList<Criterion> criteria)
    {
        PersonForm typed = Typed(form, criteria);
        return typed with { Values = [.. typed.Values.Select((value, index) => Following(criteria, index) is { } follows ? follows(typed.Values) : value)] };
    }

    private static PersonForm Typed(IFormCollection form, IReadOnlyList<Criterion> criteria) => new(
        CellText.Clean(form["id"].ToString()), CellText.Clean(form["name"].ToString()), CellText.Clean(form["email"].ToString()), CellText.Clean(form["language"].ToString()).ToLowerInvariant(),
        string.Join('\n', form["address"].ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(CellText.Clean)),
        [
            .. criteria.Select((criterion, index) => int.TryParse(form[FormattableString.Invariant($"value-{index}")].ToString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int value)
                && value < criterion.Values.Count ? value : (int?)null),
        ]);

    public FieldProblems Check(IReadOnlyList<Criterion> criteria)
    {
        FieldProblems problems = new();
        problems.Required("id", Id, 200).NoLonger("name", Name, 200).Email("email", Email).NoLonger("address", Address, 500);
        if (Language.Length > 0 && !(Language.Length is 2 or 3 && Language.All(char.IsAsciiLetterLower)))
        {
            problems.Add("language", "unknown-language", ("value", Language));
        }

        for (int c = 0; c < criteria.Count; c++)
        {
            if (Values[c] is null && Following(criteria, c) is null)
            {
                problems.Add(FormattableString.Invariant($"value-{c}"), "required");
            }
        }

        return problems;
    }
}
