const names = [
  'Saurabh Raj',
  'Harshit Gupta',
  'Akshita Rao',
  'Nishit Shah',
  'Maria Silva',
  'Chen Wei',
]
const universities = ['BCE', 'IIT Patna', 'NIT Surathkal', 'University of Scunthorpe']

const pick = <Value>(list: Value[], n: number): Value => list[n % list.length] as Value

/** Valid answers to the form student-data, different for each `n`. */
export const student = (n: number): Record<string, string> => ({
  name: `${pick(names, n)} ${n}`,
  roll: String(10_000 + n),
  university: pick(universities, n),
  cgpa: (5 + (n % 50) / 10).toFixed(2),
  gender: pick(['F', 'M', 'Other'], n),
  age: String(18 + (n % 40)),
  email: `student${n}@example.com`,
  mobile: `70044${String(n % 100_000).padStart(5, '0')}`,
})
