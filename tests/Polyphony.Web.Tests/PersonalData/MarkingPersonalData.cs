using System.Collections;
using System.Reflection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Journal;

namespace Polyphony.Web.Tests.PersonalData;

public sealed class MarkingPersonalData
{
    [Fact]
    public void Everything_that_is_saved_says_whether_it_is_personal()
    {
        string[] unmarked = [.. Holding().Where(property => !IsPersonal(property) && !IsNotPersonal(property)).Select(Name)];
        Assert.True(unmarked.Length == 0, "Mark with [Personal] or [NotPersonal]: " + string.Join(", ", unmarked));
    }

    [Fact]
    public void Nothing_says_both() => Assert.DoesNotContain(Holding(), property => IsPersonal(property) && IsNotPersonal(property));

    [Fact]
    public void The_journal_holds_nothing_personal()
    {
        Assert.True(typeof(JournalEntry).IsDefined(typeof(NotPersonalAttribute)));
        Assert.DoesNotContain(typeof(JournalEntry).GetProperties(), property => property.IsDefined(typeof(PersonalAttribute)));
    }

    [Fact]
    public void What_an_account_inherits_is_known()
    {
        // Identity marks what identifies; the rest are secrets and stamps, which no page shows and no log takes.
        string[] secrets = [.. typeof(StaffMember).GetProperties()
            .Where(property => property.DeclaringType != typeof(StaffMember) && Holds(property.PropertyType) && !property.IsDefined(typeof(PersonalDataAttribute), inherit: true))
            .Select(property => property.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["ConcurrencyStamp", "NormalizedEmail", "NormalizedUserName", "PasswordHash", "SecurityStamp"], secrets);
    }

    [Fact]
    public void The_entities_looked_at_are_those_of_the_model() =>
        Assert.True(Entities().Length >= 20 && Entities().Contains(typeof(JournalEntry)) && Holding().Length >= 60);

    /// <summary>Our own entities, as the model knows them: one that is not listed anywhere else is still found here.</summary>
    private static Type[] Entities()
    {
        using SqliteDb db = new(new DbContextOptionsBuilder<SqliteDb>().UseSqlite("Data Source=:memory:").Options);
        return [.. db.Model.GetEntityTypes().Select(entity => entity.ClrType).Where(type => type.Assembly == typeof(Db).Assembly).Distinct()];
    }

    private static PropertyInfo[] Holding() =>
        [.. Entities().SelectMany(entity => entity.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)).Where(property => Holds(property.PropertyType))];

    /// <summary>Texts, bytes, days and collections: the shapes in which something about a person can stand.</summary>
    private static bool Holds(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(DateOnly) || typeof(IEnumerable).IsAssignableFrom(type);

    private static bool IsPersonal(PropertyInfo property) => property.IsDefined(typeof(PersonalAttribute));

    private static bool IsNotPersonal(PropertyInfo property) => property.IsDefined(typeof(NotPersonalAttribute)) || property.DeclaringType!.IsDefined(typeof(NotPersonalAttribute));

    private static string Name(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";
}
